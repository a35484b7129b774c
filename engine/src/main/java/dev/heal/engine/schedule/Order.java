package dev.heal.engine.schedule;

import dev.heal.dsl.policy.Policy;
import dev.heal.engine.fact.EntityId;
import dev.heal.engine.fact.FaultInstance;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Something to do, now.
 *
 * @param id unique in a run; the idempotency key
 * @param ladder the ladder that asks; 0 where none waits for the outcome
 * @param takes how long it usually lasts, as declared
 * @param deadline nanoseconds since the epoch
 * @param captures what raised the fault said, by name: for environments and JSON, never for a
 *     command line
 */
public record Order(
    long id,
    long ladder,
    Purpose purpose,
    FaultInstance instance,
    String policy,
    Policy.Act act,
    Duration takes,
    EntityId target,
    OptionalLong deadline,
    Map<String, String> captures) {
  public Order {
    captures = Map.copyOf(captures);
  }

  /** One for a fault that has captured nothing. */
  public Order(
      long id,
      long ladder,
      Purpose purpose,
      FaultInstance instance,
      String policy,
      Policy.Act act,
      Duration takes,
      EntityId target,
      OptionalLong deadline) {
    this(id, ladder, purpose, instance, policy, act, takes, target, deadline, Map.of());
  }

  /** The same, where the fault has captured this. */
  public Order capturing(Map<String, String> captured) {
    return new Order(id, ladder, purpose, instance, policy, act, takes, target, deadline, captured);
  }

  /** What an order is for. */
  public enum Purpose {
    /** A step of a ladder, which waits for the outcome. */
    STEP,
    /** The act is to be taken back. */
    UNDO,
    /** An act of {@code give up}, or a page: no ladder waits for it. */
    NOTICE
  }
}
