package dev.heal.engine.cli.run;

import dev.heal.dsl.policy.CheckedPolicy;
import dev.heal.dsl.policy.Policy;
import dev.heal.engine.cli.control.status.PoliciesInForce;
import dev.heal.engine.cli.run.policy.PolicyKeeper;
import dev.heal.engine.reload.Generation;

/** The policies in force in figures. */
final class PolicyFigures {
  private PolicyFigures() {}

  /** As {@code heal status} shows them. */
  static PoliciesInForce inForce(CheckedPolicy policies, PolicyKeeper keeper) {
    Generation generation = keeper.inForce();
    return new PoliciesInForce(
        generation.id().number(),
        generation.id().digest(),
        generation.since(),
        count(policies, Policy.Mode.ENFORCE),
        count(policies, Policy.Mode.APPROVE),
        count(policies, Policy.Mode.OBSERVE),
        keeper.notes(),
        keeper.status());
  }

  private static int count(CheckedPolicy policies, Policy.Mode mode) {
    return (int) policies.policies().stream().filter(policy -> policy.mode() == mode).count();
  }
}
