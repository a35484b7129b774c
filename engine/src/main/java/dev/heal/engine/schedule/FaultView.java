package dev.heal.engine.schedule;

import dev.heal.dsl.policy.Fault;
import dev.heal.engine.fact.FaultInstance;
import java.util.OptionalLong;

/**
 * A raised fault, to be shown.
 *
 * @param repair the number of the repair that is open
 * @param care what is done about it, in words
 * @param left whether nothing more is done: it is left to humans
 */
public record FaultView(
    FaultInstance instance,
    Fault.FaultSeverity severity,
    long raisedAt,
    OptionalLong repair,
    String care,
    boolean left) {}
