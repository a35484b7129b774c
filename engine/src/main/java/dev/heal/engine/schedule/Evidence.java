package dev.heal.engine.schedule;

import dev.heal.dsl.policy.Condition;
import dev.heal.engine.fact.EntityId;
import dev.heal.engine.fact.FaultInstance;
import dev.heal.engine.fact.Truth;

/** What stage {@code fact} answers to a repair. */
public interface Evidence {
  /** Watches a condition with nothing but the facts from {@code from} on as evidence. */
  void watch(String key, Condition condition, EntityId entity, long from);

  void unwatch(String key, EntityId entity);

  Truth truth(String key, EntityId entity);

  /** Whether any fact was ever heard of what the condition reads on the entity. */
  boolean heard(Condition condition, EntityId entity);

  /** Whether the condition can be decided by facts at all, now. */
  boolean isRaised(FaultInstance instance);

  /** The repair of an event fault is confirmed: it ends. */
  void repaired(FaultInstance instance, long now, String because);
}
