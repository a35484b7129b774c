package dev.heal.engine.fact;

import dev.heal.dsl.policy.NumberSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * What is remembered of one signal of one entity: the last fact, as many samples as the windows
 * need, and who must hear of the next.
 *
 * <p>Times are those at which a fact was applied, so they never go back; {@link #isFresh} asks for
 * the fact's own time.
 */
final class Series {
  static final long NEVER = Long.MIN_VALUE;

  private final int serial;
  private final OptionalLong silence;
  private final long silenceNanos;
  private final long declaredFrom;
  private final Map<String, Counted> eventWindows = new HashMap<>();

  /** By {@link Cell#ORDER}; replaced, never changed, so that a walk over it sees one state. */
  private List<Cell> readers = List.of();

  private double value = Double.NaN;
  private String word = "";
  private long heardAt = NEVER;
  private long alarm = Long.MAX_VALUE;
  private long ownAt = NEVER;

  private double[] bounds = {};
  private double above = Double.NaN;
  private double below = Double.NaN;
  private boolean everySampleCounts;
  private boolean changesCount;
  private long shortestWindow = Long.MAX_VALUE;
  private long freshFrom = NEVER;
  private Disturbance disturbance = Disturbance.NONE;

  private final SampleWindow samples = new SampleWindow();

  /**
   * @param silence nanoseconds after which the signal is silent; empty: never
   * @param declaredFrom since when the site expects it; {@link #NEVER}: it does not
   */
  Series(int serial, OptionalLong silence, long declaredFrom) {
    this.serial = serial;
    this.silence = silence;
    this.silenceNanos = silence.orElse(Long.MAX_VALUE);
    this.declaredFrom = declaredFrom;
  }

  /**
   * Takes a sample on the same side of all bounds as the last one, or equal to it where every
   * change counts, which therefore changes nothing. Costs a few comparisons and no memory.
   *
   * @return false where the sample may matter: then nothing was taken
   */
  boolean absorb(long now, long at, double sample) {
    if (everySampleCounts
        || !(sample == value || (!changesCount && sample > above && sample < below))
        || !isSettled(now)
        || ownAt < freshFrom
        || now - heardAt >= silenceNanos) {
      return false;
    }
    value = sample;
    samples.add(now, sample);
    heardAt = now;
    ownAt = Math.max(ownAt, at);
    return true;
  }

  /**
   * Whether every window over the samples holds two of them, with this one or without: then one
   * more of the same value adds nothing.
   */
  private boolean isSettled(long now) {
    if (shortestWindow == Long.MAX_VALUE) {
      return true;
    }
    return freshFrom == NEVER
        && samples.size() >= 2
        && now - samples.time(samples.size() - 2) < shortestWindow;
  }

  void take(long now, Fact fact) {
    if (fact instanceof Fact.Sample sample) {
      value = sample.value();
      samples.add(now, value);
      locate();
    } else if (fact instanceof Fact.Word said) {
      word = said.value();
    } else if (fact instanceof Fact.Event event) {
      eventWindows.values().forEach(counted -> counted.window.take(now, event));
    }
    heardAt = now;
    ownAt = Math.max(ownAt, fact.at());
  }

  /** The open interval between the bounds in which the value lies; none where it is on one. */
  private void locate() {
    above = Double.NEGATIVE_INFINITY;
    below = Double.POSITIVE_INFINITY;
    for (double bound : bounds) {
      if (bound < value) {
        above = bound;
      } else if (bound > value) {
        below = bound;
        return;
      } else {
        above = Double.NaN;
        return;
      }
    }
    if (Double.isNaN(value)) {
      above = Double.NaN;
    }
  }

  void needsBound(double bound) {
    if (Arrays.binarySearch(bounds, bound) < 0) {
      bounds = Arrays.copyOf(bounds, bounds.length + 1);
      bounds[bounds.length - 1] = bound;
      Arrays.sort(bounds);
    }
    locate();
  }

  void needsEverySample() {
    everySampleCounts = true;
  }

  /** A sample that repeats the one before it changes nothing. */
  void needsChanges() {
    changesCount = true;
  }

  /** The same, and samples as far back as {@code window}. */
  void needsChanges(long window) {
    changesCount = true;
    shortestWindow = Math.min(shortestWindow, window);
    samples.keep(window, 0);
  }

  void needsSamples(long horizon, int count) {
    everySampleCounts = true;
    samples.keep(horizon, count);
  }

  void needsFactsFrom(long from) {
    freshFrom = Math.max(freshFrom, from);
  }

  /** A window, and how many cells ask for it. */
  private static final class Counted {
    private final EventWindow window;
    private int cells;

    Counted(EventWindow window) {
      this.window = window;
    }
  }

  /**
   * The events of a count.
   *
   * @param again whether the cell that asks has asked before
   */
  EventWindow window(String meaning, NumberSource.Count count, boolean again) {
    Counted counted =
        eventWindows.computeIfAbsent(
            meaning,
            m -> new Counted(new EventWindow(count.event().tests(), count.window().toNanos())));
    counted.cells += again ? 0 : 1;
    return counted.window;
  }

  /** A cell no longer asks. */
  void leave(String meaning) {
    Counted counted = eventWindows.get(meaning);
    if (counted != null && --counted.cells == 0) {
      eventWindows.remove(meaning);
    }
  }

  void read(Cell cell) {
    if (!readers.contains(cell)) {
      List<Cell> more = new ArrayList<>(readers);
      more.add(cell);
      more.sort(Cell.ORDER);
      readers = List.copyOf(more);
    }
  }

  void forget(Cell cell) {
    readers = readers.stream().filter(reader -> reader != cell).toList();
  }

  List<Cell> readers() {
    return readers;
  }

  long heardAt() {
    return heardAt;
  }

  boolean isHeard() {
    return heardAt != NEVER;
  }

  /** Whether a fact with an own time of {@code from} or later was heard. */
  boolean isFresh(long from) {
    return isHeard() && ownAt >= from;
  }

  /** Silent for its usual span; false where it is not expected at all. */
  boolean isSilent(Moment moment) {
    long at = silentAt();
    return at != Long.MAX_VALUE && moment.passed(at);
  }

  /** When it will be silent if nothing more is heard; {@link Long#MAX_VALUE}: never. */
  long silentAt() {
    long from = isHeard() ? heardAt : declaredFrom;
    return silence.isPresent() && from != NEVER ? from + silenceNanos : Long.MAX_VALUE;
  }

  /** When {@link Alarms} looks at it; {@link Long#MAX_VALUE} while no alarm is set. */
  long alarm() {
    return alarm;
  }

  void alarm(long at) {
    alarm = at;
  }

  /** In the order in which signals came into use; tells those of one instant apart. */
  int serial() {
    return serial;
  }

  /** Whether nothing was heard for {@code span}; unknown where nothing was ever expected. */
  Truth silentSince(Moment moment, long span) {
    long from = isHeard() ? heardAt : declaredFrom;
    if (from == NEVER) {
      return Truth.UNKNOWN;
    }
    return Truth.of(moment.reached(from + span));
  }

  /** What of this signal is the doing of our own order now. */
  void disturb(Disturbance caused) {
    disturbance = caused;
  }

  Disturbance disturbance() {
    return disturbance;
  }

  OptionalLong silence() {
    return silence;
  }

  double value() {
    return value;
  }

  String word() {
    return word;
  }

  SampleWindow samples() {
    return samples;
  }
}
