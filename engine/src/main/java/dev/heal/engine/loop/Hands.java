package dev.heal.engine.loop;

import dev.heal.engine.schedule.CheckRun;
import dev.heal.engine.schedule.Order;
import dev.heal.engine.schedule.Outcome;
import java.util.List;

/** What carries orders out. */
interface Hands {
  /** An order that has ended. */
  record Ended(Order order, Outcome outcome) {}

  /** Takes an order; does not wait for it. */
  void take(Order order, long now);

  /** Those that have ended by {@code now} on virtual time. Real hands tell the loop instead. */
  List<Ended> ended(long now);

  /** When the next one ends on virtual time; {@code Times.NEVER} where that is not known. */
  long nextAt();

  /** Runs a check of the site for a confirmation; its result comes as a fact, if at all. */
  default void check(CheckRun run) {}
}
