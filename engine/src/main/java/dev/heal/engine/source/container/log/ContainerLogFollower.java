package dev.heal.engine.source.container.log;

import dev.heal.engine.source.container.ContainerEngine;
import dev.heal.engine.source.container.ContainerState;
import dev.heal.engine.source.log.LineCutter;
import dev.heal.engine.source.retry.Backoff;
import dev.heal.engine.source.retry.Turns;
import dev.heal.engine.source.socket.HttpSocket;
import dev.heal.engine.source.socket.HttpStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Follows the log of one container, over its restarts and those of its engine, also where another
 * container gets its name: the door of this package. What a container that was never seen has
 * written before is passed over; what it writes from then on is not, whoever reads it.
 */
public final class ContainerLogFollower implements AutoCloseable {
  private static final Duration LOOK_EVERY = Duration.ofMillis(500);
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final long NANOS = 1_000_000_000L;
  private static final int BUFFER_BYTES = 64 * 1024;
  private static final int FIRST_TAIL = 1000;

  private final ContainerEngine engine;
  private final String name;
  private final ContainerLogSink sink;
  private final Backoff backoff = Backoff.USUAL;
  private final Map<Channel, LogPlace> places = new EnumMap<>(Channel.class);
  private final Turns turns;
  private int failures;

  /** The life of which the log was read to its end. */
  private Optional<ContainerState> read = Optional.empty();

  /**
   * Starts to follow.
   *
   * @param socket of the engine
   * @param name of the container
   * @param places up to which its channels were taken; empty where it was never seen
   */
  public ContainerLogFollower(
      Path socket, String name, Map<Channel, LogPlace> places, ContainerLogSink sink) {
    this.engine = new ContainerEngine(new HttpSocket(socket));
    this.name = name;
    this.sink = sink;
    this.places.putAll(places);
    this.turns = new Turns("heal-container-log", this::follow);
    turns.start();
  }

  /** Ends; when this returns, nothing more is given. */
  @Override
  public void close() {
    turns.close();
  }

  private Duration follow() throws InterruptedException {
    try {
      turn();
      failures = 0;
      return LOOK_EVERY;
    } catch (IOException e) {
      read = Optional.empty();
      sink.lost("the log of container `%s` cannot be read: %s".formatted(name, e.getMessage()));
      return backoff.after(++failures);
    }
  }

  /** Looks, and reads what there is to read: until the container ends, where it runs. */
  private void turn() throws IOException, InterruptedException {
    Optional<ContainerState> state = engine.look(name);
    if (state.isEmpty()) {
      if (places.isEmpty()) {
        begin(LogPlace.beginning("")); // all that comes under this name is new
      }
      sink.found();
      return;
    }
    settle(state.get());
    if (state.get().running()) {
      read = Optional.empty();
      read(state.get(), true);
    } else if (read.filter(state.get()::equals).isEmpty()) {
      read(state.get(), false);
      read = state;
    }
  }

  private void begin(LogPlace place) {
    for (Channel channel : Channel.values()) {
      places.put(channel, place);
      sink.upTo(channel, place);
    }
  }

  /** Finds where to go on. */
  private void settle(ContainerState state) throws IOException, InterruptedException {
    if (places.size() < Channel.values().length) {
      firstSight(state);
    } else if (!places.values().stream().allMatch(one -> one.container().equals(state.id()))) {
      begin(LogPlace.beginning(state.id()));
    }
  }

  private void firstSight(ContainerState state) throws IOException, InterruptedException {
    FirstSight sight = tail(state, FIRST_TAIL);
    for (long lines = FIRST_TAIL; sight.isTooShort(); lines *= 10) {
      sight = tail(state, lines * 10); // or else some of the last stamp would be taken for new
    }
    for (Channel channel : Channel.values()) {
      LogPlace place = sight.place(channel);
      places.put(channel, place);
      sink.upTo(channel, place);
    }
  }

  private FirstSight tail(ContainerState state, long lines)
      throws IOException, InterruptedException {
    FirstSight sight = new FirstSight(state.id(), lines);
    read(state, "&tail=" + lines, sight);
    return sight;
  }

  /** New lines, from the places on. */
  private final class News implements Pieces {
    private final Map<Channel, ChannelLines> channels = new EnumMap<>(Channel.class);

    News() {
      places.forEach(
          (channel, place) ->
              channels.put(
                  channel,
                  new ChannelLines(
                      place,
                      new ChannelLines.Sink() {
                        @Override
                        public void line(String text, LogPlace behind) {
                          sink.line(channel, text, behind);
                        }

                        @Override
                        public void gap(String why) {
                          sink.gap(why);
                        }
                      })));
    }

    @Override
    public void piece(Channel channel, byte[] bytes) {
      Objects.requireNonNull(channels.get(channel)).piece(bytes);
    }

    @Override
    public void readAtOnce() {
      channels.forEach(
          (channel, lines) -> {
            LogPlace now = lines.place();
            if (!now.equals(places.put(channel, now))) {
              sink.upTo(channel, now);
            }
          });
    }

    /** It does not run: a line without an end is a line. */
    void finish() {
      channels.values().forEach(ChannelLines::finish);
      readAtOnce();
    }
  }

  private void read(ContainerState state, boolean follow) throws IOException, InterruptedException {
    // a second more: some engines take it without, some with the lines of the very moment
    long since = places.values().stream().mapToLong(LogPlace::at).min().orElse(0) / NANOS - 1;
    News news = new News();
    read(state, "&follow=%b%s".formatted(follow, since > 0 ? "&since=" + since : ""), news);
    if (!follow) {
      news.finish();
    }
  }

  private void read(ContainerState state, String more, Pieces pieces)
      throws IOException, InterruptedException {
    String target =
        ContainerEngine.target(name, "/logs?stdout=true&stderr=true&timestamps=true" + more);
    boolean follow = more.contains("follow=true");
    try (HttpStream stream = engine.socket().get(target)) {
      byte[] buffer = new byte[BUFFER_BYTES];
      Frames frames = new Frames();
      LineCutter lines = new LineCutter();
      for (int count = stream.read(buffer, PATIENCE);
          count >= 0;
          count = stream.read(buffer, PATIENCE)) {
        if (count == 0 && !follow) {
          throw new IOException("nothing came in %d s".formatted(PATIENCE.toSeconds()));
        }
        if (state.tty()) {
          lines.feed(buffer, count, (text, cut, end) -> raw(text, pieces));
        } else {
          frames.feed(buffer, count, pieces::piece);
        }
        pieces.readAtOnce();
        sink.found();
      }
      if (!follow) {
        lines.finish((text, cut, end) -> raw(text, pieces));
      }
      sink.found();
    }
  }

  private static void raw(String text, Pieces pieces) {
    pieces.piece(Channel.STDOUT, (text + "\n").getBytes(StandardCharsets.UTF_8));
  }
}
