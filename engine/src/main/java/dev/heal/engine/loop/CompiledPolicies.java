package dev.heal.engine.loop;

import dev.heal.dsl.policy.CheckedPolicy;
import dev.heal.engine.rule.RuleSession;

/**
 * Policies with the rules that match them. Made by any thread, whatever the loop does.
 *
 * @param rules of the policies
 */
public record CompiledPolicies(CheckedPolicy policies, RuleSession.Rules rules) {
  /** Compiles the rules. */
  public static CompiledPolicies of(CheckedPolicy policies) {
    return new CompiledPolicies(policies, new RuleSession.Rules(policies));
  }
}
