package dev.heal.engine.schedule;

import dev.heal.dsl.policy.Policy;
import dev.heal.engine.fact.EntityId;
import dev.heal.engine.fact.FaultInstance;
import java.util.OptionalLong;

/**
 * Something to do, now.
 *
 * @param id unique in a run; the idempotency key
 * @param ladder the ladder that asks; 0 for an undoing
 * @param undo whether the act is to be taken back
 * @param deadline nanoseconds since the epoch
 */
public record Order(
    long id,
    long ladder,
    FaultInstance instance,
    String policy,
    Policy.Act act,
    java.time.Duration takes,
    EntityId target,
    boolean undo,
    OptionalLong deadline) {}
