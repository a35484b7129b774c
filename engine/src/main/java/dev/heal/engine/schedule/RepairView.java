package dev.heal.engine.schedule;

import dev.heal.dsl.policy.Policy;
import dev.heal.engine.decide.HoldReason;
import dev.heal.engine.decide.Ladder;
import dev.heal.engine.fact.FaultInstance;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A repair that has not ended, to be shown.
 *
 * @param number what operators call it
 * @param next its step at hand: {@code rung 1 of 3, step 2 of 2: restart service:n1/llm}
 * @param held why it does not go on; empty while it does
 * @param because in words, where it waits for anything
 * @param wakeAt when time alone moves it
 * @param expiresAt what has not begun by then is void
 * @param waitsForApproval whether it waits for an operator's word, whatever else holds it
 */
public record RepairView(
    long number,
    String policy,
    Policy.Mode mode,
    int priority,
    FaultInstance instance,
    long raisedAt,
    Ladder.Phase phase,
    boolean begun,
    String next,
    Optional<HoldReason> held,
    Optional<String> because,
    OptionalLong wakeAt,
    OptionalLong deadline,
    boolean missed,
    OptionalLong expiresAt,
    boolean waitsForApproval) {}
