package dev.heal.engine.fact;

import java.util.Arrays;

/**
 * The last samples of a signal, in order: as many as the longest window and the largest count ask
 * for, and no more.
 */
final class SampleWindow {
  private static final int COMPACT_AT = 64;

  private long[] times = {};
  private double[] values = {};
  private int first;
  private int end;
  private final Changes changes = new Changes();
  private long dropped;
  private long horizon;
  private int count;

  void keep(long horizon, int count) {
    this.horizon = Math.max(this.horizon, horizon);
    this.count = Math.max(this.count, count);
  }

  void add(long at, double value) {
    if (horizon == 0 && count == 0) {
      return;
    }
    if (end == times.length) {
      makeRoom();
    }
    times[end] = at;
    values[end] = value;
    if (end > first && values[end] != values[end - 1]) {
      changes.add(dropped + end - first);
    }
    end++;
    while (end - first > count && at - times[first] > horizon) {
      first++;
      dropped++;
    }
    changes.forget(dropped);
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
    long[] newTimes = capacity == times.length ? times : new long[capacity];
    double[] newValues = capacity == values.length ? values : new double[capacity];
    System.arraycopy(times, first, newTimes, 0, size);
    System.arraycopy(values, first, newValues, 0, size);
    times = newTimes;
    values = newValues;
    first = 0;
    end = size;
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
