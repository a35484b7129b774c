package dev.heal.engine.loop.live;

import dev.heal.engine.source.inbox.Drops;
import dev.heal.engine.source.inbox.Importance;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * When each source was heard last, and what became of it. A source that is silent is never taken
 * for one with nothing to say. For any thread.
 */
public final class SourceBook {
  /** A source is silent after so many of its periods. */
  private static final int PERIODS = 3;

  /** More sources than this are counted under one name: memory is finite. */
  private static final int MOST = 1_000;

  private static final String OTHERS = "others";

  private final Map<String, Line> lines = new TreeMap<>();

  /** What is known of one source. Guarded by the book. */
  private static final class Line {
    private Optional<Duration> every = Optional.empty();
    private long expectedFrom;
    private boolean heard;
    private long heardAt;
    private long count;
    private final Map<Importance, Long> dropped = new EnumMap<>(Importance.class);
  }

  /** How a source is. */
  public enum State {
    HEARD,
    /** It is due, and does not come. */
    SILENT,
    /** It speaks only when something happens, and nothing has yet. */
    QUIET,
    /** It says itself why nothing is heard of it. */
    TROUBLE;

    /** {@code heard}. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * A source, to be shown.
   *
   * @param every how often it should be heard; empty: when something happens
   * @param heardAt nanoseconds since the epoch; empty: never
   * @param count how often it was heard
   * @param trouble why nothing is heard of it now, in words
   * @param dropped of what it said, since the start
   */
  public record SourceView(
      String name,
      State state,
      Optional<Duration> every,
      OptionalLong heardAt,
      long count,
      Optional<String> trouble,
      Map<Importance, Long> dropped) {
    public SourceView {
      dropped = Map.copyOf(dropped);
    }

    /** The same, and why nothing is heard of it. */
    public SourceView troubledBy(String why) {
      State worse = state == State.SILENT ? state : State.TROUBLE;
      return new SourceView(name, worse, every, heardAt, count, Optional.of(why), dropped);
    }

    /** Of a source that only says how it is. */
    public static SourceView unheard(String name) {
      return new SourceView(
          name, State.QUIET, Optional.empty(), OptionalLong.empty(), 0, Optional.empty(), Map.of());
    }
  }

  /** The source is to be heard each {@code every}, from {@code now} on. */
  public synchronized void expects(String name, Duration every, long now) {
    Line line = line(name);
    line.every = Optional.of(every);
    line.expectedFrom = now;
  }

  /** The source is there, and speaks when something happens. */
  public synchronized void listens(String name) {
    Line unused = line(name);
  }

  /** The source is there no longer. */
  public synchronized void forget(String name) {
    lines.remove(name);
  }

  /** It was heard. */
  public synchronized void heard(String name, long at) {
    Line line = line(name);
    line.heard = true;
    line.heardAt = at;
    line.count++;
  }

  /** Of what it said, something was dropped. */
  public synchronized void dropped(List<Drops> drops) {
    for (Drops drop : drops) {
      line(drop.source()).dropped.merge(drop.importance(), drop.count(), Long::sum);
    }
  }

  private Line line(String name) {
    Objects.requireNonNull(name);
    Line known = lines.get(name);
    if (known != null) {
      return known;
    }
    return lines.computeIfAbsent(lines.size() < MOST ? name : OTHERS, n -> new Line());
  }

  /** All sources by name, as they are at {@code now}. */
  public synchronized List<SourceView> view(long now) {
    return lines.entrySet().stream()
        .map(entry -> view(entry.getKey(), entry.getValue(), now))
        .toList();
  }

  private static SourceView view(String name, Line line, long now) {
    return new SourceView(
        name,
        state(line, now),
        line.every,
        line.heard ? OptionalLong.of(line.heardAt) : OptionalLong.empty(),
        line.count,
        Optional.empty(),
        line.dropped);
  }

  private static State state(Line line, long now) {
    long last = line.heard ? line.heardAt : line.expectedFrom;
    if (line.every.isPresent() && now - last >= PERIODS * line.every.get().toNanos()) {
      return State.SILENT;
    }
    return line.heard ? State.HEARD : State.QUIET;
  }
}
