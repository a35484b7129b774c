package dev.heal.engine.cli.recording;

import dev.heal.dsl.diagnostic.HumanRenderer;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/**
 * What is wrong with recorded facts: each kind counted, and the first few named with their place.
 */
public final class Complaints {
  private static final int MOST_NAMED = 5;

  /** A kind of thing that is wrong. What is not malformed, or a duplicate, is still taken. */
  public enum Kind {
    MALFORMED("malformed", "malformed"),
    /** Applied when it comes; its own time is kept for the record. */
    LATE("late", "late"),
    DUPLICATE("duplicate", "duplicates"),
    UNKNOWN_ENTITY("unknown entity", "of unknown entities"),
    UNKNOWN_SIGNAL("unknown signal", "of unknown signals"),
    /** An event without a wall-clock time. */
    TIMELESS("timeless", "without a time");

    private final String one;
    private final String counted;

    Kind(String one, String counted) {
      this.one = one;
      this.counted = counted;
    }
  }

  private final Map<Kind, Long> counts = new EnumMap<>(Kind.class);
  private final Map<Kind, Integer> named = new EnumMap<>(Kind.class);
  private final Consumer<String> tell;

  /**
   * Begins without complaints.
   *
   * @param tell takes the lines that name one
   */
  public Complaints(Consumer<String> tell) {
    this.tell = tell;
  }

  /** Counts one, and names it. */
  public void add(Kind kind, String place, String what) {
    count(kind, 1);
    name(kind, place, what);
  }

  /** Names one, while few of its kind were named. */
  public void name(Kind kind, String place, String what) {
    int before = named.merge(kind, 1, Integer::sum);
    if (before <= MOST_NAMED) {
      tell.accept(HumanRenderer.safe(place + ": " + what));
    } else if (before == MOST_NAMED + 1) {
      tell.accept(
          HumanRenderer.safe(
              place + ": " + kind.one + " too, as others behind it: only counted from here on"));
    }
  }

  /** Counts what is not named, or was named before. */
  public void count(Kind kind, long more) {
    if (more > 0) {
      counts.merge(kind, more, Long::sum);
    }
  }

  public boolean isEmpty() {
    return counts.isEmpty();
  }

  /** {@code 3 late, 1 malformed}; empty where nothing is wrong. */
  public String summary() {
    List<String> parts = new ArrayList<>();
    counts.forEach(
        (kind, count) -> parts.add(String.format(Locale.ROOT, "%,d %s", count, kind.counted)));
    return String.join(", ", parts);
  }
}
