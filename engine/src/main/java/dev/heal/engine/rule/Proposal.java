package dev.heal.engine.rule;

import dev.heal.engine.fact.FaultInstance;
import java.util.Optional;

/**
 * A policy that takes a raised fault now: its {@code where} holds and no other policy that takes
 * the instance ranks higher.
 *
 * @param policy qualified name
 * @param suppressedBy a raised parent that keeps this proposal from starting anything
 */
public record Proposal(
    String policy, FaultInstance instance, Optional<FaultInstance> suppressedBy) {}
