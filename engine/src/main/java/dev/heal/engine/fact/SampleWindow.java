package dev.heal.engine.fact;

import java.util.Arrays;

/**
 * The last samples of a signal, in order: as many as the longest window and the largest count ask
 * for; and, so that a condition which does not exist yet can be computed from them, those of the
 * last {@link #retain} as far as there is room for them.
 */
final class SampleWindow {
  private static final int COMPACT_AT = 64;

  /** So many, which no window asks for, are kept at the most. */
  static final int MOST_RETAINED = 4_096;

  private long[] times = {};
  private double[] values = {};
  private int first;
  private int end;
  private final Changes changes = new Changes();
  private boolean tellsChanges;
  private long dropped;
  private long horizon;
  private int count;
  private long retention;

  /** Whether somebody reads the arrays as they are now: then they are only added to. */
  private boolean lent;

  /** Samples of the last {@code span} are worth keeping, whatever asks for them now. */
  void retain(long span) {
    retention = span;
  }

  void keep(long horizon, int count) {
    this.horizon = Math.max(this.horizon, horizon);
    this.count = Math.max(this.count, count);
  }

  void add(long at, double value) {
    if (horizon == 0 && count == 0 && retention == 0) {
      return;
    }
    if (end == times.length) {
      makeRoom();
    }
    times[end] = at;
    values[end] = value;
    if (tellsChanges && end > first && values[end] != values[end - 1]) {
      changes.add(dropped + end - first);
    }
    end++;
    while (isSpare(at)) {
      first++;
      dropped++;
    }
    if (tellsChanges) {
      changes.forget(dropped);
    }
  }

  /** Whether nothing asks for the oldest one. */
  private boolean isSpare(long now) {
    int size = end - first;
    long age = now - times[first];
    return size > count && age > horizon && (age > retention || size > MOST_RETAINED);
  }

  /** From now on it tells which samples differ from the one before them. */
  void tellChanges() {
    if (tellsChanges) {
      return;
    }
    tellsChanges = true;
    for (int i = first + 1; i < end; i++) {
      if (values[i] != values[i - 1]) {
        changes.add(dropped + i - first);
      }
    }
  }

  /** How many of the samples differ from the one before them. */
  int changes() {
    return changes.size();
  }

  /** The position of such a sample, in ascending order; always more than 0. */
  int change(int number) {
    return (int) (changes.get(number) - dropped);
  }

  /**
   * The first of the {@link #changes} with a position above {@code index}; their number if none.
   */
  int firstChangeAfter(int index) {
    return changes.firstAfter(dropped + index);
  }

  /** The numbers of the samples that differ from the one before them, counted over all time. */
  private static final class Changes {
    private long[] numbers = {};
    private int from;
    private int to;

    void add(long number) {
      if (to == numbers.length) {
        int size = to - from;
        long[] room = size * 2 >= numbers.length ? new long[Math.max(8, size * 2)] : numbers;
        System.arraycopy(numbers, from, room, 0, size);
        numbers = room;
        from = 0;
        to = size;
      }
      numbers[to++] = number;
    }

    /** A change against a sample that is gone is none. */
    void forget(long upTo) {
      while (from < to && numbers[from] <= upTo) {
        from++;
      }
    }

    int size() {
      return to - from;
    }

    long get(int index) {
      return numbers[from + index];
    }

    int firstAfter(long number) {
      int found = Arrays.binarySearch(numbers, from, to, number + 1);
      return (found < 0 ? -found - 1 : found) - from;
    }
  }

  private void makeRoom() {
    int size = end - first;
    int capacity = Math.max(COMPACT_AT, size * 2);
    boolean fresh = lent || capacity != times.length;
    long[] newTimes = fresh ? new long[capacity] : times;
    double[] newValues = fresh ? new double[capacity] : values;
    System.arraycopy(times, first, newTimes, 0, size);
    System.arraycopy(values, first, newValues, 0, size);
    times = newTimes;
    values = newValues;
    first = 0;
    end = size;
    lent = false;
  }

  /** Whether none since {@code instant} was dropped. */
  boolean reachesTo(long instant) {
    return dropped == 0 || (end > first && times[first] <= instant);
  }

  /**
   * Samples as they were at one moment, read by another thread while more are added.
   *
   * @param first the position of the first
   * @param end behind the last
   * @param whole whether none was ever dropped
   */
  @SuppressWarnings("ArrayRecordComponent") // lent, not given: a copy would cost what it is to save
  record Kept(long[] times, double[] values, int first, int end, boolean whole) {
    /** The same, without what is not of it. */
    Kept trimmed() {
      return new Kept(
          Arrays.copyOfRange(times, first, end),
          Arrays.copyOfRange(values, first, end),
          0,
          end - first,
          whole);
    }
  }

  /** What is kept now: the arrays are not copied, and from now on only added to behind it. */
  Kept kept() {
    lent = end > first;
    return new Kept(times, values, first, end, dropped == 0);
  }

  /** Goes on with samples that were kept elsewhere. */
  void goOnWith(Kept kept) {
    times = Arrays.copyOfRange(kept.times(), kept.first(), kept.end());
    values = Arrays.copyOfRange(kept.values(), kept.first(), kept.end());
    first = 0;
    end = times.length;
    dropped = kept.whole() ? 0 : 1;
    lent = false;
  }

  int size() {
    return end - first;
  }

  /** The position of the first sample later than {@code instant}; {@link #size} if none is. */
  int firstAfter(long instant) {
    int low = first;
    int high = end;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (times[middle] > instant) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low - first;
  }

  long time(int index) {
    return times[first + index];
  }

  double value(int index) {
    return values[first + index];
  }
}
