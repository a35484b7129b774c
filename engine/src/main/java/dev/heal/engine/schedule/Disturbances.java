package dev.heal.engine.schedule;

import dev.heal.dsl.policy.Policy;
import dev.heal.engine.decide.Estate;
import dev.heal.engine.decide.Ladder;
import dev.heal.engine.fact.Disturbance;
import dev.heal.engine.fact.EntityId;
import java.util.Collection;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Which entities our own orders stop now. From the start of such an order until it is done, an exit
 * is ours; until its confirmation ends, a silence or an unhealthy spell is.
 */
final class Disturbances {
  private static final Set<String> STOPPING =
      Set.of("restart", "migrate", "degrade", "drain", "fence", "reset");

  private final Estate estate;
  private final Evidence evidence;
  private final NavigableMap<Long, NavigableSet<EntityId>> byLadder = new TreeMap<>();

  Disturbances(Estate estate, Evidence evidence) {
    this.estate = estate;
    this.evidence = evidence;
  }

  /** What each ladder's step has stopped, by the number of the ladder. */
  Map<Long, NavigableSet<EntityId>> kept() {
    Map<Long, NavigableSet<EntityId>> kept = new TreeMap<>();
    byLadder.forEach((ladder, touched) -> kept.put(ladder, new TreeSet<>(touched)));
    return kept;
  }

  /** Goes on from what was kept elsewhere; the facts know of it already. */
  void goOnWith(Map<Long, NavigableSet<EntityId>> kept) {
    kept.forEach((ladder, touched) -> byLadder.put(ladder, new TreeSet<>(touched)));
  }

  /** The orders of a step begin. */
  void acting(Ladder ladder, Policy.Act act, Collection<EntityId> targets, long now) {
    if (!STOPPING.contains(act.verb()) && !act.destructive()) {
      return;
    }
    NavigableSet<EntityId> touched = new TreeSet<>();
    targets.forEach(target -> touched.addAll(estate.inside(target)));
    byLadder.put(ladder.id(), touched);
    touched.forEach(entity -> evidence.disturb(entity, Disturbance.STOPPED, now));
  }

  /** The orders of the step are done. */
  void settling(Ladder ladder, long now) {
    byLadder
        .getOrDefault(ladder.id(), new TreeSet<>())
        .forEach(entity -> evidence.disturb(entity, Disturbance.UNSETTLED, now));
  }

  /** The step has ended, one way or the other. */
  void over(Ladder ladder, long now) {
    NavigableSet<EntityId> touched = byLadder.remove(ladder.id());
    if (touched != null) {
      // another ladder may touch the same entity: a service on GPUs of two repairs
      byLadder.values().forEach(touched::removeAll);
      touched.forEach(entity -> evidence.disturb(entity, Disturbance.NONE, now));
    }
  }
}
