package dev.heal.engine.decide;

import dev.heal.dsl.policy.Policy;
import dev.heal.dsl.vocabulary.EntityKind;
import dev.heal.engine.fact.EntityId;
import java.util.Collection;
import java.util.NavigableSet;
import java.util.Optional;

/** What a decision needs to know of everything else that goes on. */
public interface Situation {
  /** The ladders that have begun and not ended, in the order in which they began. */
  Collection<Ladder> begun();

  /**
   * The entities of a kind that are down for any reason: a raised critical fault, a destructive
   * repair, a flag that says so, a cordon, silence.
   */
  NavigableSet<EntityId> down(EntityKind kind, long now);

  /** When the last ladder of the policy on an entity related to {@code entity} ended. */
  Optional<Long> lastEnd(Policy policy, EntityId entity);

  /** Whether a condition that maintenance or a policy asks for holds on the entity. */
  boolean holds(String key, EntityId entity);

  /** Why the node is left to somebody else: {@code node:n1 is cordoned by alice}. */
  Optional<String> cordonedByOthers(EntityId node);

  /** Why the engine does not trust what made it raise the ladder's fault: it may be deaf itself. */
  Optional<String> suspicion(Ladder ladder, long now);
}
