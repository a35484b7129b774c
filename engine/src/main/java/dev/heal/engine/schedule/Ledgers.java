package dev.heal.engine.schedule;

import dev.heal.engine.decide.Cordons;
import dev.heal.engine.decide.History;
import dev.heal.engine.decide.Spent;

/**
 * What was done before, as far as it bears on what is done next.
 *
 * @param observed what policies that only observe would have begun; it blocks nobody who acts
 */
record Ledgers(
    Spent enforced, Spent observed, History history, Cordons cordons, Learning learning) {
  Ledgers() {
    this(new Spent(), new Spent(), new History(), new Cordons(), new Learning());
  }
}
