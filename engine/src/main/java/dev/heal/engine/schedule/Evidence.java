package dev.heal.engine.schedule;

import dev.heal.dsl.policy.Condition;
import dev.heal.engine.fact.Disturbance;
import dev.heal.engine.fact.EntityId;
import dev.heal.engine.fact.FaultInstance;
import dev.heal.engine.fact.Pulse;
import dev.heal.engine.fact.Truth;
import java.util.Optional;

/** What stage {@code fact} answers to a repair, and is told of it. */
public interface Evidence {
  /** Watches a condition with nothing but the facts from {@code from} on as evidence. */
  void watch(String key, Condition condition, EntityId entity, long from);

  void unwatch(String key, EntityId entity);

  Truth truth(String key, EntityId entity);

  /** Whether any fact was ever heard of what the condition reads on the entity. */
  boolean heard(Condition condition, EntityId entity);

  /** The last value of a flag; unknown where it was never heard. */
  Truth flag(EntityId entity, String signal);

  /** The last word of a signal. */
  Optional<String> word(EntityId entity, String signal);

  /** How the heartbeat of a node comes. */
  Pulse pulse(EntityId node, long now);

  boolean isRaised(FaultInstance instance);

  /** Whether it stands only by what an engine before this one has heard: nothing begins on that. */
  boolean awaitsFacts(FaultInstance instance);

  /** Whether what raised the instance holds now: of an event, never. */
  Truth stillHolds(FaultInstance instance);

  /** Whether an instance that only a repair of earlier policies follows is still raised. */
  boolean isStillRaised(FaultInstance instance);

  /** That repair is over: nobody follows the instance any more. */
  void unfollow(FaultInstance instance);

  /** The repair of an event fault is confirmed: it ends. */
  void repaired(FaultInstance instance, long now, String because);

  /** What our own order does to the entity from now on: it raises nothing. */
  void disturb(EntityId entity, Disturbance caused, long now);
}
