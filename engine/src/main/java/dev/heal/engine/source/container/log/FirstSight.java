package dev.heal.engine.source.container.log;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/**
 * The end of a log that was never seen: the last stamp of each channel, and how many lines have it.
 */
final class FirstSight implements Pieces {
  private final String container;
  private final long asked;
  private final Map<Channel, ChannelLines> channels = new EnumMap<>(Channel.class);
  private final Map<Channel, LogPlace> last = new EnumMap<>(Channel.class);
  private long lines;
  private long firstStamp;

  /**
   * @param asked how many lines are asked for
   */
  FirstSight(String container, long asked) {
    this.container = container;
    this.asked = asked;
    for (Channel channel : Channel.values()) {
      channels.put(
          channel,
          new ChannelLines(
              LogPlace.beginning(container),
              new ChannelLines.Sink() {
                @Override
                public void line(String text, LogPlace place) {
                  firstStamp = lines++ == 0 ? place.at() : firstStamp;
                  last.put(channel, place);
                }

                @Override
                public void gap(String why) {
                  // nothing was taken before
                }
              }));
    }
  }

  @Override
  public void piece(Channel channel, byte[] bytes) {
    Objects.requireNonNull(channels.get(channel)).piece(bytes);
  }

  @Override
  public void readAtOnce() {}

  /** Whether there may be more lines of a last stamp than were asked for. */
  boolean isTooShort() {
    return lines >= asked && last.values().stream().anyMatch(place -> place.at() <= firstStamp);
  }

  /** Behind its last line; of a channel without one, behind that of the other. */
  LogPlace place(Channel channel) {
    long newest = last.values().stream().mapToLong(LogPlace::at).max().orElse(0);
    return last.getOrDefault(channel, new LogPlace(container, newest, 0));
  }
}
