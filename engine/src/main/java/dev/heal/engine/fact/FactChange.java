package dev.heal.engine.fact;

import dev.heal.dsl.vocabulary.EntityKind;
import java.util.Map;

/** What stage {@code fact} tells the later stages; in the order in which it came about. */
public sealed interface FactChange {
  /** Why an event fault cleared whose {@code cured when} came true. */
  String IS_CURED = "is cured";

  /** Why an event fault cleared whose {@code clear after} has passed. */
  String TIME_IS_OVER = "the time after which it clears is over";

  /** The key of the condition that a node is cordoned, which is watched on all of them. */
  String CORDONED = new StandingFlag(EntityKind.NODE, "cordoned").key();

  /** Nanoseconds since the epoch. */
  long at();

  /** The same change, told later than the facts that it comes of. */
  FactChange told(long now);

  /** The state of a fault instance changed. */
  record FaultMoved(
      long at,
      FaultInstance instance,
      FaultState from,
      FaultState to,
      String because,
      Map<String, String> captures)
      implements FactChange {
    public FaultMoved {
      captures = Map.copyOf(captures);
    }

    /** Whether the instance is raised now, and was not before. */
    public boolean raises() {
      return to.isRaised() && !from.isRaised();
    }

    /** Whether it was raised before, and is not now. */
    public boolean clears() {
      return from.isRaised() && !to.isRaised();
    }

    @Override
    public FactChange told(long now) {
      return new FaultMoved(now, instance, from, to, because, captures);
    }
  }

  /**
   * An instance that only a repair of earlier policies still follows is over.
   *
   * @param instance by its name of then
   */
  record FormerCleared(long at, FaultInstance instance, String because) implements FactChange {
    @Override
    public FactChange told(long now) {
      return new FormerCleared(now, instance, because);
    }
  }

  /** The event that raised an instance came again while it is raised. */
  record FaultRepeated(long at, FaultInstance instance, String because) implements FactChange {
    @Override
    public FactChange told(long now) {
      return new FaultRepeated(now, instance, because);
    }
  }

  /**
   * A watched condition ({@code where}, {@code confirm}, {@code start when}) on an entity began or
   * ceased to hold.
   *
   * @param key what {@link dev.heal.dsl.policy.Condition#meaning} or a watch is known by
   */
  record ConditionMoved(long at, String key, EntityId entity, Truth truth, String because)
      implements FactChange {
    @Override
    public FactChange told(long now) {
      return new ConditionMoved(now, key, entity, truth, because);
    }
  }

  /**
   * A host has booted, or loaded its driver, anew: what events said of it before is void.
   *
   * @param gpusOnly whether only its GPUs are concerned
   */
  record EventsVoided(long at, EntityId node, boolean gpusOnly, String because)
      implements FactChange {
    @Override
    public FactChange told(long now) {
      return new EventsVoided(now, node, gpusOnly, because);
    }
  }

  /** The states of a fault instance. */
  enum FaultState {
    CLEAR,
    PENDING,
    RAISED,
    CLEARING;

    /** One that clears is still raised. */
    public boolean isRaised() {
      return this == RAISED || this == CLEARING;
    }
  }
}
