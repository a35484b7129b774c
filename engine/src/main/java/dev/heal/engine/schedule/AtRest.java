package dev.heal.engine.schedule;

import dev.heal.engine.decide.Breaker;
import dev.heal.engine.decide.Halt;
import dev.heal.engine.decide.History;
import dev.heal.engine.decide.Ladder;
import dev.heal.engine.decide.Spent;
import dev.heal.engine.fact.EntityId;
import dev.heal.engine.fact.FaultInstance;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * All that {@link Repairs} know while no order is under way, in plain values: what was done and
 * counted, which faults stand, what waits, and what is still to be undone.
 *
 * @param lastOrder the number of the last order that was ever given
 * @param lastLadder the same of ladders
 * @param halts what keeps the hands still
 * @param enforced the ledger of repairs that were begun
 * @param observed the same of those that would have been
 * @param cordons those that are ours
 * @param learned how long steps have taken
 * @param trustFrom until when, in nanoseconds since the epoch, silence proves nothing
 * @param ladders those that run or wait, and the ended ones of faults that stand
 * @param disturbed what the steps of ladders have stopped, by the number of the ladder
 * @param elder the ladders that policies before the ones in force began
 * @param spells the faults that stand
 * @param breakers what each has counted
 * @param acts those that stand and can be undone
 * @param stood what an engine before has left and nobody has gone on with
 * @param unwritten what could not be written down
 * @param offered whether a repair was called off that another policy may take
 */
public record AtRest(
    long lastOrder,
    long lastLadder,
    List<Halt> halts,
    Spent.Kept enforced,
    Spent.Kept observed,
    History.Kept history,
    NavigableSet<EntityId> cordons,
    List<Learned> learned,
    long trustFrom,
    List<Ladder.Kept> ladders,
    Map<Long, NavigableSet<EntityId>> disturbed,
    Set<Long> elder,
    List<Spell> spells,
    List<Breaker.Kept> breakers,
    List<Reversals.Kept> acts,
    List<Stood> stood,
    Unwritten.Kept unwritten,
    boolean offered) {

  /**
   * A fault that stands.
   *
   * @param raisedAt nanoseconds since the epoch
   * @param captures what raised it said, by name
   * @param ladder its number
   */
  record Spell(
      FaultInstance instance,
      long raisedAt,
      Map<String, String> captures,
      OptionalLong ladder,
      Optional<FaultInstance> suppressedBy,
      boolean resumed,
      Episode.End end) {}

  /**
   * What was seen of a step.
   *
   * @param step its place among those of its policy, rung by rung
   * @param runs how long each took, in nanoseconds, the oldest first
   */
  record Learned(String policy, int step, List<Long> runs) {}

  /** What an engine that begins with it takes over as from one before. */
  Past past() {
    return new Past(lastOrder, lastLadder, halts, stood, List.of()).with(cordons);
  }
}
