package dev.heal.engine.fact;

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
    end++;
    while (end - first > count && at - times[first] > horizon) {
      first++;
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
