package dev.heal.engine.fact;

import dev.heal.dsl.policy.EventTest;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** The times of the events that match, as far back as a count looks. */
final class EventWindow {
  /** A flood costs no more than this; a count of more than that is this. */
  private static final int MOST = 65_536;

  private final List<EventTest> tests;
  private final long span;
  private final Deque<Long> times = new ArrayDeque<>();

  EventWindow(List<EventTest> tests, long span) {
    this.tests = tests;
    this.span = span;
  }

  void take(long now, Fact.Event event) {
    if (EventMatch.all(tests, event)) {
      while (!times.isEmpty() && now - times.getFirst() > span) {
        times.removeFirst();
      }
      times.addLast(now);
      if (times.size() > MOST) {
        times.removeFirst();
      }
    }
  }

  /** How many with {@code now - span < t} and {@code t >= from}. */
  int count(Moment moment, long from) {
    while (!times.isEmpty() && moment.reached(times.getFirst() + span)) {
      times.removeFirst();
    }
    if (from == Series.NEVER) {
      return times.size();
    }
    return (int) times.stream().filter(t -> t >= from).count();
  }
}
