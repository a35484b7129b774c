package dev.heal.dsl.check;

import dev.heal.dsl.policy.CheckedPolicy;
import dev.heal.dsl.policy.Fault;
import dev.heal.dsl.policy.Policy;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

/** What is unsafe, too slow or never used, although every single statement is right. */
final class PolicyChecks {
  private PolicyChecks() {}

  /**
   * Checks the whole.
   *
   * @param sound whether everything was understood: only then it is said what is missing
   */
  static void check(CheckedPolicy policies, Findings findings, boolean sound) {
    for (Policy policy : policies.policies()) {
      findings.enter("policy `" + policy.name() + "`", policy.span());
      safety(policies, policy, findings);
      time(policy, findings);
    }
    if (sound) {
      unhandled(policies, findings);
    }
    findings.leave();
  }

  private static void safety(CheckedPolicy policies, Policy policy, Findings findings) {
    boolean universal = policies.budgets().stream().anyMatch(b -> b.all());
    for (Policy.Rung rung : policy.rungs()) {
      for (Policy.Step step : rung.steps()) {
        if (step.act().destructive() && policy.budgets().isEmpty() && !universal) {
          findings.add(
              CheckCode.H0604,
              step.act().span(),
              "`%s %s` is destructive, and no budget bounds it"
                  .formatted(step.act().verb(), step.act().target().map(k -> k.word()).orElse("")),
              "name a `budget` in the policy");
        }
      }
    }
    for (String name : policy.faults()) {
      Fault fault =
          policies.faults().stream().filter(f -> f.name().equals(name)).findFirst().orElse(null);
      if (fault == null) {
        continue;
      }
      if (policy.mode() == Policy.Mode.ENFORCE
          && !fault.event()
          && fault.clear().isEmpty()
          && ConditionFacts.isThreshold(fault.when())
          && !ConditionFacts.isSteady(fault.when())) {
        findings.add(
            CheckCode.H0601,
            policy.span(),
            "`" + name + "` has no `clear when`: the repair would flap at its threshold",
            "give the fault a `clear when` with room to its `when`");
      }
    }
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

  private static Duration takes(Policy.Rung rung) {
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

  private static void unhandled(CheckedPolicy policies, Findings findings) {
    Set<String> handled = new HashSet<>();
    policies.policies().forEach(p -> handled.addAll(p.faults()));
    policies.faults().forEach(f -> f.suppresses().forEach(s -> handled.addAll(s.children())));
    for (Fault fault : policies.faults()) {
      findings.enter("fault `" + fault.name() + "`", fault.span());
      if (!handled.contains(fault.name())) {
        if (fault.event() && fault.clearAfter().isEmpty() && fault.cured().isEmpty()) {
          findings.add(
              CheckCode.H0609,
              fault.span(),
              "no policy handles this event fault, and nothing clears it",
              "write a policy for it, or `clear after 10m`");
        } else {
          findings.add(
              CheckCode.H0504,
              fault.span(),
              "no policy handles this fault",
              "write a policy for it, or delete it");
        }
      }
    }
  }
}
