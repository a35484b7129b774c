package dev.heal.engine.schedule;

import dev.heal.engine.decide.Cordons;
import dev.heal.engine.decide.Halt;
import dev.heal.engine.decide.Halts;
import dev.heal.engine.decide.History;
import dev.heal.engine.decide.Spent;
import dev.heal.engine.fact.EntityId;
import java.util.Collection;
import java.util.List;

/**
 * What was done before, as far as it bears on what is done next.
 *
 * @param halts what keeps the hands still
 * @param observed what policies that only observe would have begun; it blocks nobody who acts
 */
record Ledgers(
    Halts halts,
    Spent enforced,
    Spent observed,
    History history,
    Cordons cordons,
    Learning learning) {
  /** Nothing was done before, but these stand. */
  Ledgers(List<Halt> standing, Collection<EntityId> cordons) {
    this(
        new Halts(standing),
        new Spent(),
        new Spent(),
        new History(),
        new Cordons(cordons),
        new Learning());
  }
}
