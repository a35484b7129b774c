package dev.heal.engine.schedule;

import dev.heal.dsl.policy.Policy;
import dev.heal.engine.fact.EntityId;
import dev.heal.engine.fact.FaultInstance;
import java.time.Duration;
import java.util.OptionalLong;

/**
 * Something to do, now.
 *
 * @param id unique in a run; the idempotency key
 * @param ladder the ladder that asks; 0 where none waits for the outcome
 * @param takes how long it usually lasts, as declared
 * @param deadline nanoseconds since the epoch
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
    OptionalLong deadline) {

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
