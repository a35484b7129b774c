package dev.heal.engine.fact;

import dev.heal.dsl.policy.EventTest;
import java.util.Arrays;
import java.util.List;

/** The times of the events that match, as far back as a count looks. */
final class EventWindow {
  /** A flood costs no more than this; a count of more than that is this. */
  private static final int MOST = 65_536;

  private static final int FEWEST = 8;

  private final List<EventTest> tests;
  private final long span;

  /**
   * Those from {@code first} to before {@code end} are kept, in order; only a new one drops any.
   */
  private long[] times = {};

  private int first;
  private int end;

  EventWindow(List<EventTest> tests, long span) {
    this.tests = tests;
    this.span = span;
  }

  void take(long now, Fact.Event event) {
    if (!EventMatch.all(tests, event)) {
      return;
    }
    while (first < end && now - times[first] > span) {
      first++;
    }
    if (end == times.length) {
      makeRoom();
    }
    times[end++] = now;
    if (end - first > MOST) {
      first++;
    }
  }

  private void makeRoom() {
    int size = end - first;
    long[] room = 2 * size >= times.length ? new long[Math.max(FEWEST, 2 * size)] : times;
    System.arraycopy(times, first, room, 0, size);
    times = room;
    first = 0;
    end = size;
  }

  /** How many with {@code now - span < t} and {@code t >= from}. */
  int count(Moment moment, long from) {
    int in = firstAfter(moment.leftBy(span));
    if (in < end) {
      moment.reached(times[in] + span); // then one fewer are in it
    }
    return end - (from == Series.NEVER ? in : Math.max(in, firstAfter(from - 1)));
  }

  private int firstAfter(long instant) {
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
    return low;
  }

  /** The times that are kept. */
  long[] times() {
    return Arrays.copyOfRange(times, first, end);
  }

  /** Goes on with times that were kept elsewhere. */
  void times(long[] kept) {
    times = kept.clone();
    first = 0;
    end = kept.length;
  }
}
