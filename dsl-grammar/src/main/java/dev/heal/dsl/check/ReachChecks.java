package dev.heal.dsl.check;

import dev.heal.dsl.policy.CheckedPolicy;
import dev.heal.dsl.policy.Condition;
import dev.heal.dsl.policy.Fault;
import dev.heal.dsl.policy.Policy;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** What is raised and cleared at once, what nobody handles, and what never comes to its turn. */
final class ReachChecks {
  private ReachChecks() {}

  /**
   * Checks the whole.
   *
   * @param sound whether everything was understood: only then it is said what is missing
   */
  static void check(CheckedPolicy policies, Findings findings, boolean sound) {
    for (Fault fault : policies.faults()) {
      findings.enter("fault `" + fault.name() + "`", fault.span());
      overlap(fault, findings);
    }
    for (Policy policy : policies.policies()) {
      findings.enter("policy `" + policy.name() + "`", policy.span());
      passedOver(policy, findings);
    }
    if (sound) {
      unhandled(policies, findings);
    }
    findings.leave();
  }

  private static void overlap(Fault fault, Findings findings) {
    Optional<Condition> clear = fault.clear();
    if (clear.isPresent() && Possibility.shareASubject(fault.when(), clear.get())) {
      Possibility.together(fault.when(), clear.get())
          .ifPresent(
              words ->
                  findings.add(
                      CheckCode.H0409,
                      fault.span(),
                      "`when` and `clear when` hold together: " + words,
                      "leave room between the two"));
    }
  }

  /**
   * A rung that needs more than {@code within} is passed over for a later one that fits; in time,
   * it never runs.
   */
  private static void passedOver(Policy policy, Findings findings) {
    if (policy.within().isEmpty()) {
      return;
    }
    boolean laterFits = false;
    for (int i = policy.rungs().size() - 1; i >= 0; i--) {
      Policy.Rung rung = policy.rungs().get(i);
      boolean fits = PolicyChecks.takes(rung).compareTo(policy.within().get()) <= 0;
      if (!fits && laterFits) {
        findings.add(
            CheckCode.H0503,
            rung.steps().get(0).act().span(),
            "this rung never runs in time: it needs %s of `within %s`, and a later one fits"
                .formatted(
                    Durations.words(PolicyChecks.takes(rung)),
                    Durations.words(policy.within().get())),
            "put it last, or allow more time");
      }
      laterFits |= fits;
    }
  }

  private static void unhandled(CheckedPolicy policies, Findings findings) {
    Set<String> handled = new HashSet<>();
    policies.policies().forEach(policy -> handled.addAll(policy.faults()));
    Set<String> suppressed = new HashSet<>();
    policies.faults().forEach(f -> f.suppresses().forEach(s -> suppressed.addAll(s.children())));
    for (Fault fault : policies.faults()) {
      if (handled.contains(fault.name())) {
        continue;
      }
      findings.enter("fault `" + fault.name() + "`", fault.span());
      boolean ends = !fault.event() || fault.clearAfter().isPresent() || fault.cured().isPresent();
      boolean child = suppressed.contains(fault.name());
      if (!ends && !child) {
        findings.add(
            CheckCode.H0609,
            fault.span(),
            "no policy handles this event fault, and nothing clears it",
            "write a policy for it, or `clear after 10m`");
      } else if (!child) {
        findings.add(
            CheckCode.H0504,
            fault.span(),
            "no policy handles this fault",
            "write a policy for it, or delete it");
      } else if (!ends) {
        findings.add(
            CheckCode.H0504,
            fault.span(),
            "without the fault that suppresses it, no policy handles this one, and nothing clears it",
            "write a policy for it, or `clear after 10m`");
      }
    }
  }
}
