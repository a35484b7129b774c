package dev.heal.engine.fact;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/**
 * The last events and words of a signal, for conditions that do not exist yet. A flood costs no
 * more than so many.
 */
final class PastFacts {
  /** Events carry text. */
  private static final int MOST_EVENTS = 128;

  private static final int MOST_WORDS = 1_024;

  private final long retention;
  private final Deque<At> facts = new ArrayDeque<>();
  private boolean dropped;

  /**
   * @param at when it was applied
   */
  record At(long at, Fact fact) {}

  /** The facts as they were at one moment, in order. */
  record Kept(List<At> facts, boolean whole) {
    void forEach(Sink sink) {
      facts.forEach(one -> sink.take(one.at(), one.fact()));
    }
  }

  /** Takes facts with the times at which they were applied. */
  interface Sink {
    void take(long at, Fact fact);
  }

  PastFacts(long retention) {
    this.retention = retention;
  }

  void add(long now, Fact fact) {
    if (retention == 0) {
      return;
    }
    facts.addLast(new At(now, fact));
    int most = fact instanceof Fact.Event ? MOST_EVENTS : MOST_WORDS;
    while (facts.size() > most || now - facts.getFirst().at() > retention) {
      facts.removeFirst();
      dropped = true;
    }
  }

  void forEach(Sink sink) {
    facts.forEach(one -> sink.take(one.at(), one.fact()));
  }

  /** Whether none since {@code instant} was dropped. */
  boolean reachesTo(long instant) {
    return !dropped || (!facts.isEmpty() && facts.getFirst().at() <= instant);
  }

  Kept kept() {
    return new Kept(
        facts.isEmpty() ? List.of() : Arrays.asList(facts.toArray(new At[0])), !dropped);
  }

  void goOnWith(Kept kept) {
    facts.addAll(kept.facts());
    dropped = !kept.whole();
  }
}
