package dev.heal.dsl.check;

import dev.heal.dsl.policy.CheckedPolicy;
import dev.heal.dsl.policy.Condition;
import dev.heal.dsl.policy.Fault;
import dev.heal.dsl.policy.NumberSource;
import dev.heal.dsl.policy.Policy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What can never happen, and what two declarations both claim. */
final class ReachChecks {
  private final CheckedPolicy policies;
  private final Findings findings;
  private final Map<String, Fault> faults = new LinkedHashMap<>();

  private ReachChecks(CheckedPolicy policies, Findings findings) {
    this.policies = policies;
    this.findings = findings;
    policies.faults().forEach(fault -> faults.put(fault.name(), fault));
  }

  static void check(CheckedPolicy policies, Findings findings) {
    ReachChecks checks = new ReachChecks(policies, findings);
    for (Fault fault : checks.faults.values()) {
      findings.enter("fault `" + fault.name() + "`", fault.span());
      checks
          .contradiction(fault.when())
          .ifPresent(
              parts ->
                  findings.add(
                      CheckCode.H0501,
                      fault.span(),
                      "`when` can never be true: " + parts + " exclude each other"));
      checks.overlap(fault);
    }
    checks.circles();
    checks.rivals();
    findings.leave();
  }

  /** Two parts of a conjunction that no value fulfils together. */
  private Optional<String> contradiction(Condition condition) {
    if (condition instanceof Condition.All all) {
      Map<String, Bounds> left = new HashMap<>();
      Map<String, List<String>> written = new HashMap<>();
      for (Condition part : all.parts()) {
        if (bare(part) instanceof Condition.NumberTest test && isOwn(test.source())) {
          String source = test.source().meaning();
          Bounds bounds = left.getOrDefault(source, Bounds.ALL).and(Bounds.of(test));
          left.put(source, bounds);
          List<String> tests = written.computeIfAbsent(source, s -> new ArrayList<>());
          tests.add("`" + words(test) + "`");
          if (bounds.isEmpty()) {
            return Optional.of(String.join(" and ", tests));
          }
        }
      }
    }
    if (condition instanceof Condition.Any any) {
      List<Optional<String>> parts = any.parts().stream().map(this::contradiction).toList();
      return parts.stream().allMatch(Optional::isPresent) ? parts.get(0) : Optional.empty();
    }
    if (condition instanceof Condition.Not) {
      return Optional.empty();
    }
    return ConditionFacts.parts(condition).stream()
        .flatMap(part -> contradiction(part).stream())
        .findFirst();
  }

  /** A plural relation means any: two tests on it may hold for two of the related entities. */
  private static boolean isOwn(NumberSource source) {
    return source instanceof NumberSource.Latest latest && latest.reading().isOwn();
  }

  private static String words(Condition.NumberTest test) {
    String source =
        test.source() instanceof NumberSource.Latest latest
            ? latest.reading().signal().name()
            : test.source().meaning();
    return source + " " + test.operator().sign() + " " + test.bound();
  }

  private static Condition bare(Condition condition) {
    return condition instanceof Condition.Held held ? held.part() : condition;
  }

  private void overlap(Fault fault) {
    if (fault.clear().isPresent()
        && bare(fault.when()) instanceof Condition.NumberTest when
        && bare(fault.clear().get()) instanceof Condition.NumberTest clear
        && isOwn(when.source())
        && when.source().meaning().equals(clear.source().meaning())
        && !Bounds.of(when).and(Bounds.of(clear)).isEmpty()) {
      findings.add(
          CheckCode.H0409,
          fault.span(),
          "`when` and `clear when` can hold together: `%s` and `%s`"
              .formatted(words(when), words(clear)),
          "leave room between the two");
    }
  }

  /** Faults that suppress each other; each circle is named once, at its first fault. */
  private void circles() {
    Set<String> named = new HashSet<>();
    for (Fault fault : faults.values()) {
      List<String> path = new ArrayList<>();
      if (!named.contains(fault.name()) && leadsTo(fault, fault.name(), path, new HashSet<>())) {
        named.addAll(path);
        named.add(fault.name());
        findings.enter("fault `" + fault.name() + "`", fault.span());
        findings.add(
            CheckCode.H0506,
            fault.suppresses().get(0).span(),
            "`%s` suppresses itself: %s".formatted(fault.name(), circle(fault.name(), path)),
            "one of them is the root cause: let only that one suppress");
      }
    }
  }

  private static String circle(String start, List<String> path) {
    return "`" + start + "` > `" + String.join("` > `", path) + "`";
  }

  private boolean leadsTo(Fault from, String goal, List<String> path, Set<String> seen) {
    for (Fault.Suppression suppression : from.suppresses()) {
      for (String child : suppression.children()) {
        path.add(child);
        if (child.equals(goal)) {
          return true;
        }
        Fault next = faults.get(child);
        if (next != null && seen.add(child) && leadsTo(next, goal, path, seen)) {
          return true;
        }
        path.remove(path.size() - 1);
      }
    }
    return false;
  }

  private void rivals() {
    Map<String, List<Policy>> byFault = new LinkedHashMap<>();
    for (Policy policy : policies.policies()) {
      for (String fault : new java.util.LinkedHashSet<>(policy.faults())) {
        byFault.computeIfAbsent(fault, f -> new ArrayList<>()).add(policy);
      }
    }
    Set<String> equals = new HashSet<>();
    Map<Policy, List<Policy>> outranked = new LinkedHashMap<>();
    byFault.forEach(
        (fault, claims) -> {
          for (Policy later : claims) {
            for (Policy other : claims) {
              if (other.order() < later.order() && other.priority() == later.priority()) {
                equal(fault, other, later, equals);
              } else if (other.priority() > later.priority() && other.where().isEmpty()) {
                outranked.computeIfAbsent(later, p -> new ArrayList<>()).add(other);
              }
            }
          }
        });
    outranked.forEach(this::shadowed);
  }

  /** Two policies that do different things claim a fault with the same right. */
  private void equal(String fault, Policy first, Policy later, Set<String> said) {
    boolean certain =
        first.where().isEmpty()
            || later.where().isEmpty()
            || first.where().get().meaning().equals(later.where().get().meaning());
    if (certain
        && !acts(first).equals(acts(later))
        && said.add(first.name() + " " + later.name())) {
      findings.enter("policy `" + later.name() + "`", later.span());
      findings.add(
          CheckCode.H0505,
          later.span(),
          "`%s` and `%s` both have priority %d on fault `%s`"
              .formatted(first.name(), later.name(), later.priority(), fault),
          "give the one that shall win the higher `priority`");
    }
  }

  /** The verbs of a ladder and what they act on, rung by rung. */
  private static List<String> acts(Policy policy) {
    return policy.rungs().stream()
        .flatMap(rung -> rung.steps().stream())
        .map(step -> step.act().verb() + " " + step.act().target())
        .toList();
  }

  private void shadowed(Policy policy, List<Policy> winners) {
    Set<String> taken = new HashSet<>();
    winners.forEach(winner -> taken.addAll(winner.faults()));
    if (taken.containsAll(policy.faults())) {
      findings.enter("policy `" + policy.name() + "`", policy.span());
      findings.add(
          CheckCode.H0502,
          policy.span(),
          "`%s` never acts: `%s` takes its faults everywhere, with priority %d"
              .formatted(policy.name(), winners.get(0).name(), winners.get(0).priority()),
          "give the other one a `where`, or this one a higher `priority`");
    }
  }
}
