package dev.heal.dsl.check;

import dev.heal.dsl.policy.CheckedPolicy;
import dev.heal.dsl.policy.Condition;
import dev.heal.dsl.policy.Fault;
import dev.heal.dsl.policy.Policy;
import dev.heal.dsl.vocabulary.EntityKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** What a ladder does to the faults that it is for: too late, too early, unsafe or of no use. */
final class RepairChecks {
  private RepairChecks() {}

  static void check(CheckedPolicy policies, Map<String, Fault> known, Findings findings) {
    Set<String> children = new HashSet<>();
    policies.faults().forEach(f -> f.suppresses().forEach(s -> children.addAll(s.children())));
    for (Policy policy : policies.policies()) {
      findings.enter("policy `" + policy.name() + "`", policy.span());
      List<Fault> faults =
          policy.faults().stream().map(known::get).filter(Objects::nonNull).toList();
      cooldown(policy, findings);
      if (PolicyChecks.fits(policy)) {
        faults.forEach(fault -> detection(policy, fault, findings));
      }
      faults.stream()
          .filter(fault -> children.contains(fault.name()))
          .forEach(fault -> settling(policy, fault, findings));
      unfenced(policy, faults, findings);
      undone(policy, faults, findings);
    }
    findings.leave();
  }

  private static void cooldown(Policy policy, Findings findings) {
    Duration ladder = Duration.ZERO;
    for (Policy.Rung rung : policy.rungs()) {
      for (Policy.Step step : rung.steps()) {
        int times = 1 + step.repeat().map(Policy.Repeat::times).orElse(0);
        ladder = ladder.plus(step.takes().plus(step.timeout()).multipliedBy(times));
      }
    }
    if (policy.cooldown().isPresent() && policy.cooldown().get().span().compareTo(ladder) < 0) {
      findings.add(
          CheckCode.H0408,
          policy.span(),
          "`cooldown %s` is shorter than the ladder, which may last %s"
              .formatted(Durations.words(policy.cooldown().get().span()), Durations.words(ladder)),
          "make it `cooldown %s` or longer".formatted(Durations.words(ladder)));
    }
  }

  private static void detection(Policy policy, Fault fault, Findings findings) {
    if (fault.event() || policy.within().isEmpty()) {
      return;
    }
    Duration delay =
        ConditionFacts.raisedAfter(fault.when())
            .plus(ConditionFacts.slowestInterval(fault.when()).orElse(Duration.ZERO));
    if (delay.compareTo(policy.within().get()) > 0) {
      findings.add(
          CheckCode.H0401,
          policy.span(),
          "`within %s` counts from raised, and `%s` is raised up to %s after it began"
              .formatted(
                  Durations.words(policy.within().get()), fault.name(), Durations.words(delay)),
          "shorten the `for` of the fault, or allow more time");
    }
  }

  /** A fault that another one suppresses waits for it first, while the deadline runs. */
  private static void settling(Policy policy, Fault fault, Findings findings) {
    if (policy.within().isPresent()
        && fault.settle().multipliedBy(2).compareTo(policy.within().get()) > 0) {
      findings.add(
          CheckCode.H0410,
          policy.span(),
          "`%s` waits %s for the fault that suppresses it: more than half of `within %s`"
              .formatted(
                  fault.name(),
                  Durations.words(fault.settle()),
                  Durations.words(policy.within().get())),
          "write a shorter `settle` in the fault, or allow more time");
    }
  }

  /** A dead node may still write: two writers would share one checkpoint. */
  private static void unfenced(Policy policy, List<Fault> faults, Findings findings) {
    if (faults.stream().noneMatch(fault -> isDead(fault.when()))) {
      return;
    }
    boolean fenced = false;
    for (Policy.Act act : acts(policy)) {
      fenced |= act.verb().equals("fence");
      if (act.verb().equals("migrate") && !fenced) {
        findings.add(
            CheckCode.H0603,
            act.span(),
            "the silent node may still run what is migrated",
            "begin with `fence node { via bmc }`");
        return;
      }
    }
  }

  private static boolean isDead(Condition condition) {
    if (condition instanceof Condition.Silent silent) {
      return silent.reading().signal().entity() == EntityKind.NODE
          && silent.reading().signal().name().equals("heartbeat");
    }
    return !(condition instanceof Condition.Not)
        && ConditionFacts.parts(condition).stream().anyMatch(RepairChecks::isDead);
  }

  /** An event does not end by itself, so nothing would ever undo what was done for it. */
  private static void undone(Policy policy, List<Fault> faults, Findings findings) {
    for (Fault fault : faults) {
      for (Policy.Act act : acts(policy)) {
        if (fault.event() && act.reversible() && act.undoAfter().isEmpty() && !act.undoOnReset()) {
          findings.add(
              CheckCode.H0610,
              act.span(),
              "nothing undoes this `%s`: `%s` is raised by an event"
                  .formatted(act.verb(), fault.name()),
              "write `undo after 2h` or `undo on reset` in its block");
          return;
        }
      }
    }
  }

  private static List<Policy.Act> acts(Policy policy) {
    List<Policy.Act> acts = new ArrayList<>();
    for (Policy.Rung rung : policy.rungs()) {
      rung.steps().forEach(step -> acts.add(step.act()));
    }
    return acts;
  }
}
