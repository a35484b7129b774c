package dev.heal.engine.loop.live;

import dev.heal.engine.fact.Fact;

/** Makes facts of what was heard, at the time of its stamp; called on the loop's thread, once. */
@FunctionalInterface
public interface Source {
  /**
   * The facts.
   *
   * @param stamp nanoseconds since the epoch: when it entered the loop, and the time of the facts
   */
  Iterable<? extends Fact> facts(long stamp);
}
