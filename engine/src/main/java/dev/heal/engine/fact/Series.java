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
  private final EntityId entity;
  private final String signal;
  private final OptionalLong silence;
  private final long silenceNanos;
  private final long declaredFrom;
  private final Map<String, Counted> eventWindows = new HashMap<>();

  /** By {@link Cell#ORDER}; replaced, never changed, so that a walk over it sees one state. */
  private List<Cell> readers = List.of();

  /** Those that have come and do not stand among the readers yet. */
  private final List<Cell> newReaders = new ArrayList<>();

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
  private final PastFacts past;

  /** Times of events that were counted before, until a count of the same meaning asks for them. */
  private Map<String, long[]> eventsBefore = Map.of();

  /**
   * @param silence nanoseconds after which the signal is silent; empty: never
   * @param declaredFrom since when the site expects it; {@link #NEVER}: it does not
   * @param retention nanoseconds for which facts are kept for conditions that do not exist yet
   */
  Series(
      int serial,
      EntityId entity,
      String signal,
      OptionalLong silence,
      long declaredFrom,
      long retention) {
    this.serial = serial;
    this.entity = entity;
    this.signal = signal;
    samples.retain(retention);
    this.past = new PastFacts(retention);
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
      past.add(now, said);
      word = said.value();
    } else if (fact instanceof Fact.Event event) {
      past.add(now, event);
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
    samples.tellChanges();
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
    Counted counted = eventWindows.computeIfAbsent(meaning, m -> new Counted(begin(m, count)));
    counted.cells += again ? 0 : 1;
    return counted.window;
  }

  /** What was counted before goes on; what was not, begins with the events that are kept. */
  private EventWindow begin(String meaning, NumberSource.Count count) {
    EventWindow window = new EventWindow(count.event().tests(), count.window().toNanos());
    long[] before = eventsBefore.get(meaning);
    if (before != null) {
      window.times(before);
    } else {
      past.forEach(
          (at, fact) -> {
            if (fact instanceof Fact.Event event) {
              window.take(at, event);
            }
          });
    }
    return window;
  }

  /** A cell no longer asks. */
  void leave(String meaning) {
    Counted counted = eventWindows.get(meaning);
    if (counted != null && --counted.cells == 0) {
      eventWindows.remove(meaning);
    }
  }

  /** The cell hears of what comes from now on; it asks once. */
  void read(Cell cell) {
    newReaders.add(cell);
  }

  void forget(Cell cell) {
    newReaders.remove(cell);
    readers = readers.stream().filter(reader -> reader != cell).toList();
  }

  List<Cell> readers() {
    if (!newReaders.isEmpty()) {
      newReaders.addAll(readers);
      newReaders.sort(Cell.ORDER);
      readers = List.copyOf(newReaders);
      newReaders.clear();
    }
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

  EntityId entity() {
    return entity;
  }

  String signal() {
    return signal;
  }

  /** Whether everything heard since {@code instant} is still kept. */
  boolean reachesTo(long instant) {
    return samples.reachesTo(instant) && past.reachesTo(instant);
  }

  /**
   * What is remembered of a signal, as it was at one moment.
   *
   * @param declaredFrom since when the site expects it; {@link #NEVER}: it does not
   * @param events the times of the events that counts ask for, by the meaning of the count
   */
  record Remembered(
      EntityId entity,
      String signal,
      long declaredFrom,
      double value,
      String word,
      long heardAt,
      long ownAt,
      SampleWindow.Kept samples,
      Map<String, long[]> events,
      PastFacts.Kept past) {
    boolean isHeard() {
      return heardAt != NEVER;
    }

    /** The same, without samples that are not of it. */
    Remembered trimmed() {
      return new Remembered(
          entity,
          signal,
          declaredFrom,
          value,
          word,
          heardAt,
          ownAt,
          samples.trimmed(),
          events,
          past);
    }
  }

  Remembered remembered() {
    Map<String, long[]> events = Map.of();
    if (!eventWindows.isEmpty()) {
      events = new HashMap<>();
      for (Map.Entry<String, Counted> each : eventWindows.entrySet()) {
        events.put(each.getKey(), each.getValue().window.times());
      }
    }
    return new Remembered(
        entity,
        signal,
        declaredFrom,
        value,
        word,
        heardAt,
        ownAt,
        samples.kept(),
        events,
        past.kept());
  }

  /** What was remembered and nothing has asked for is forgotten. */
  void forgetBefore() {
    eventsBefore = Map.of();
  }

  /** Goes on from what was remembered, before anything asks for it. */
  void goOnWith(Remembered before) {
    value = before.value();
    word = before.word();
    heardAt = before.heardAt();
    ownAt = before.ownAt();
    samples.goOnWith(before.samples());
    past.goOnWith(before.past());
    eventsBefore = before.events();
  }
}
