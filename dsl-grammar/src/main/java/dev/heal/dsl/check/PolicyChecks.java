package dev.heal.dsl.check;

import dev.heal.dsl.diagnostic.Diagnostic;
import dev.heal.dsl.policy.Budget;
import dev.heal.dsl.policy.CheckedPolicy;
import dev.heal.dsl.policy.Fault;
import dev.heal.dsl.policy.Policy;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** What is unsafe, too slow or never used, although every single statement is right. */
final class PolicyChecks {
  private PolicyChecks() {}

  /** Checks each policy; gives back the faults of which it is said already that they flap. */
  static Set<String> check(CheckedPolicy policies, Map<String, Fault> faults, Findings findings) {
    Set<String> flapping = new HashSet<>();
    boolean universal = policies.budgets().stream().anyMatch(Budget::all);
    for (Policy policy : policies.policies()) {
      findings.enter("policy `" + policy.name() + "`", policy.span());
      budgeted(policy, universal, findings);
      flapping.addAll(hysteresis(policy, faults, findings));
      ending(policy, findings);
      time(policy, findings);
    }
    findings.leave();
    return flapping;
  }

  private static void budgeted(Policy policy, boolean universal, Findings findings) {
    for (Policy.Rung rung : policy.rungs()) {
      for (Policy.Step step : rung.steps()) {
        if (step.act().destructive() && policy.budgets().isEmpty() && !universal) {
          findings.add(
              CheckCode.H0604,
              step.act().span(),
              "`%s %s` is destructive, and no budget bounds it"
                  .formatted(step.act().verb(), step.act().target().map(k -> k.word()).orElse("")),
              "name a `budget` in the policy");
          return;
        }
      }
    }
  }

  /**
   * A threshold, and nothing else, that raises and clears at one and the same number. A {@code for}
   * delays only the raising.
   */
  private static Set<String> hysteresis(
      Policy policy, Map<String, Fault> faults, Findings findings) {
    Set<String> flapping = new HashSet<>();
    for (String name : policy.faults()) {
      Fault fault = faults.get(name);
      if (fault != null
          && policy.mode() == Policy.Mode.ENFORCE
          && !fault.event()
          && fault.clear().isEmpty()
          && ConditionFacts.isPureThreshold(fault.when())) {
        flapping.add(name);
        findings.add(
            CheckCode.H0601,
            policy.span(),
            "`" + name + "` has no `clear when`: the repair would flap at its threshold",
            "give the fault a `clear when` with room to its `when`",
            new Diagnostic.Related(fault.span(), "the fault"));
      }
    }
    return flapping;
  }

  private static void ending(Policy policy, Findings findings) {
    if (policy.giveUp().isEmpty()) {
      findings.add(
          CheckCode.H0607,
          policy.span(),
          "nobody is told when every rung has failed",
          "write `give up { page … }`");
    }
    if (policy.mode() == Policy.Mode.ENFORCE && policy.attempts().isEmpty()) {
      findings.add(
          CheckCode.H0608,
          policy.span(),
          "nothing bounds how often this repair is tried",
          "write `attempts 3 over 30m`");
    }
  }

  private static void time(Policy policy, Findings findings) {
    if (policy.within().isPresent()) {
      Duration within = policy.within().get();
      if (!fits(policy)) {
        findings.add(
            CheckCode.H0405,
            policy.span(),
            "no rung fits into `within %s`: the fastest takes %s"
                .formatted(
                    Durations.words(within),
                    Durations.words(
                        policy.rungs().stream()
                            .map(PolicyChecks::takes)
                            .min(Duration::compareTo)
                            .orElse(Duration.ZERO))),
            "allow more time, or add a faster rung");
      }
    }
  }

  /** Whether some rung is fast enough for {@code within}. */
  static boolean fits(Policy policy) {
    return policy.within().isEmpty()
        || policy.rungs().stream()
            .anyMatch(rung -> takes(rung).compareTo(policy.within().get()) <= 0);
  }

  static Duration takes(Policy.Rung rung) {
    Duration sum = Duration.ZERO;
    for (int i = 0; i < rung.steps().size(); i++) {
      Policy.Step step = rung.steps().get(i);
      if (step.act().waits()) {
        break;
      }
      sum = sum.plus(step.takes());
      boolean last = i == rung.steps().size() - 1 || rung.steps().get(i + 1).act().waits();
      if (!last) {
        sum = sum.plus(ConditionFacts.heldFor(step.confirm()));
      }
    }
    return sum;
  }
}
