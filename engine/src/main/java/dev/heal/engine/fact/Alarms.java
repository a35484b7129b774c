package dev.heal.engine.fact;

import java.util.Comparator;
import java.util.PriorityQueue;

/**
 * When the signals fall silent. One alarm a signal, not one for each condition that reads it: a
 * sample that changes nothing moves no alarm; one that rings too early is set anew.
 */
final class Alarms {
  private final PriorityQueue<Series> set =
      new PriorityQueue<>(
          Comparator.comparingLong((Series s) -> s.alarm()).thenComparingInt(Series::serial));

  /** Sets the alarm of a signal that is expected and has none. */
  void set(Series series) {
    long at = series.silentAt();
    if (at != Long.MAX_VALUE && series.alarm() == Long.MAX_VALUE) {
      series.alarm(at);
      set.add(series);
    }
  }

  /** {@link Long#MAX_VALUE} for none. */
  long nextAt() {
    Series next = set.peek();
    return next == null ? Long.MAX_VALUE : next.alarm();
  }

  /** Takes the next one away; there is one. */
  Series ring() {
    Series next = set.remove();
    next.alarm(Long.MAX_VALUE);
    return next;
  }
}
