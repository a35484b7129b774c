package dev.heal.dsl.check;

import dev.heal.dsl.diagnostic.Diagnostic;
import dev.heal.dsl.policy.CheckedPolicy;
import dev.heal.dsl.policy.Fault;
import dev.heal.dsl.policy.Policy;
import dev.heal.dsl.vocabulary.EntityKind;
import dev.heal.dsl.vocabulary.Vocabulary;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Two policies that claim the same, with the same right or with a lesser one. */
final class Rivals {
  /**
   * Conditions are compared so often at the most; thousands of policies stay a matter of seconds.
   */
  private static final int MOST_COMPARED = 100_000;

  private static final int MOST_IMPLIED = 2_000;

  private final CheckedPolicy policies;
  private final Findings findings;
  private final Map<String, Fault> faults = new HashMap<>();
  private final Set<String> named = new HashSet<>();
  private final Map<String, List<String>> acts = new HashMap<>();
  private final Map<String, Optional<List<Possibility.Case>>> places = new HashMap<>();
  private int compared;
  private int implied;

  private Rivals(CheckedPolicy policies, Findings findings) {
    this.policies = policies;
    this.findings = findings;
    policies.faults().forEach(fault -> faults.put(fault.name(), fault));
    for (Policy policy : policies.policies()) {
      acts.put(policy.name(), ladder(policy));
      policy.where().ifPresent(w -> places.put(policy.name(), Possibility.cases(w)));
    }
  }

  static void check(CheckedPolicy policies, Findings findings) {
    Rivals rivals = new Rivals(policies, findings);
    rivals.onOneFault();
    rivals.onOneEntity();
    findings.leave();
  }

  private void onOneFault() {
    Map<String, List<Policy>> byFault = new LinkedHashMap<>();
    for (Policy policy : policies.policies()) {
      for (String fault : new LinkedHashSet<>(policy.faults())) {
        byFault.computeIfAbsent(fault, f -> new ArrayList<>()).add(policy);
      }
    }
    Map<String, List<Policy>> winners = new HashMap<>();
    byFault.forEach(
        (fault, claims) ->
            claims.forEach(
                later ->
                    outranked(fault, claims, later)
                        .ifPresent(
                            winner ->
                                winners
                                    .computeIfAbsent(later.name(), p -> new ArrayList<>())
                                    .add(winner))));
    for (Policy policy : policies.policies()) {
      List<Policy> outranking = winners.getOrDefault(policy.name(), List.of());
      Set<String> taken = new HashSet<>();
      outranking.forEach(winner -> taken.addAll(winner.faults()));
      if (!outranking.isEmpty() && taken.containsAll(policy.faults())) {
        shadowed(policy, outranking.get(0));
      }
    }
  }

  /** The policy that takes the fault wherever {@code later} would; rivals of it are named. */
  private Optional<Policy> outranked(String fault, List<Policy> claims, Policy later) {
    boolean done = named.contains(later.name());
    for (Policy other : claims) {
      if (other.priority() > later.priority() && everywhere(other, later)) {
        return Optional.of(other);
      }
      if (!done
          && other.order() < later.order()
          && other.priority() == later.priority()
          && !acts(other).equals(acts(later))) {
        equal(fault, other, later);
        done = named.contains(later.name());
      }
    }
    return Optional.empty();
  }

  private void equal(String fault, Policy first, Policy later) {
    both(first, later)
        .ifPresent(
            where -> {
              named.add(later.name());
              findings.enter("policy `" + later.name() + "`", later.span());
              findings.add(
                  CheckCode.H0505,
                  later.span(),
                  "`%s` and `%s` both have priority %d: when `%s` is raised on a %s%s, %s or %s"
                      .formatted(
                          first.name(),
                          later.name(),
                          later.priority(),
                          fault,
                          later.entity().word(),
                          where,
                          acts(first).get(0),
                          acts(later).get(0)),
                  "give the one that shall win the higher `priority`",
                  new Diagnostic.Related(first.span(), "the other one"));
            });
  }

  /** Whether the first holds wherever the second does. */
  private boolean everywhere(Policy wide, Policy narrow) {
    if (wide.where().isEmpty()) {
      return true;
    }
    if (narrow.where().isEmpty() || implied++ > MOST_IMPLIED) {
      return false;
    }
    return Possibility.contradiction(narrow.where().get()).isEmpty()
        && Possibility.implies(narrow.where().get(), wide.where().get());
  }

  /** A place at which both policies hold, in words; empty where there is none. */
  private Optional<String> both(Policy first, Policy second) {
    if (first.where().isEmpty() && second.where().isEmpty()) {
      return Optional.of("");
    }
    if (compared++ > MOST_COMPARED) {
      return Optional.empty();
    }
    Optional<List<Possibility.Case>> one = places(first);
    Optional<List<Possibility.Case>> other = places(second);
    return one.isEmpty() || other.isEmpty()
        ? Optional.empty()
        : Possibility.together(one.get(), other.get())
            .map(words -> words.isEmpty() ? "" : " with " + words);
  }

  /** The places at which a policy holds; empty where they are too many to tell. */
  private Optional<List<Possibility.Case>> places(Policy policy) {
    return places.getOrDefault(policy.name(), Optional.of(List.of(Possibility.Case.of(List.of()))));
  }

  private List<String> acts(Policy policy) {
    return acts.getOrDefault(policy.name(), List.of());
  }

  private void shadowed(Policy policy, Policy winner) {
    findings.enter("policy `" + policy.name() + "`", policy.span());
    findings.add(
        CheckCode.H0502,
        policy.span(),
        "`%s` never acts: `%s` takes its faults wherever it holds, with priority %d"
            .formatted(policy.name(), winner.name(), winner.priority()),
        "give the other one a `where`, or this one a higher `priority`",
        new Diagnostic.Related(winner.span(), "the one that takes them"));
  }

  /** The acts of a ladder, rung by rung. */
  private static List<String> ladder(Policy policy) {
    return policy.rungs().stream()
        .flatMap(rung -> rung.steps().stream())
        .map(step -> "`" + words(step.act()) + "`")
        .toList();
  }

  private static String words(Policy.Act act) {
    return act.verb() + act.target().map(kind -> " " + kind.word()).orElse("");
  }

  /** A claim of a policy on a kind of target, by a verb that lets no other one beside it. */
  private record Claim(Policy policy, Policy.Act act) {}

  /**
   * Policies for different faults of one kind of entity that would take the same target out of
   * service in two ways at one time. Policies that only observe are in nobody's way.
   */
  private void onOneEntity() {
    Map<String, Map<String, List<Claim>>> claims = new HashMap<>();
    for (Policy policy : policies.policies()) {
      if (policy.mode() == Policy.Mode.OBSERVE) {
        continue;
      }
      for (Claim claim : claims(policy)) {
        Map<String, List<Claim>> byVerb =
            claims.computeIfAbsent(
                policy.priority()
                    + " "
                    + policy.entity()
                    + " "
                    + claim.act().target().map(EntityKind::word).orElse(""),
                key -> new LinkedHashMap<>());
        byVerb.forEach(
            (verb, others) -> {
              if (Vocabulary.standard().exclude(verb, claim.act().verb())) {
                others.stream()
                    .filter(other -> !named.contains(policy.name()))
                    .forEach(other -> atOnce(other, claim));
              }
            });
        byVerb.computeIfAbsent(claim.act().verb(), verb -> new ArrayList<>()).add(claim);
      }
    }
  }

  /** What the first rung does: later rungs begin only where it has failed. */
  private static List<Claim> claims(Policy policy) {
    List<Claim> claims = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (Policy.Step step : policy.rungs().get(0).steps()) {
      if (seen.add(words(step.act()))) {
        claims.add(new Claim(policy, step.act()));
      }
    }
    return claims;
  }

  private void atOnce(Claim first, Claim second) {
    Policy one = first.policy();
    Policy other = second.policy();
    if (one.name().equals(other.name()) || !apart(one, other) || named.contains(other.name())) {
      return;
    }
    both(one, other)
        .ifPresent(
            where -> {
              named.add(other.name());
              findings.enter("policy `" + other.name() + "`", other.span());
              findings.add(
                  CheckCode.H0505,
                  other.span(),
                  "`%s` and `%s` both have priority %d: when `%s` and `%s` are raised on one %s%s, `%s` or `%s`"
                      .formatted(
                          one.name(),
                          other.name(),
                          other.priority(),
                          one.faults().get(0),
                          other.faults().get(0),
                          other.entity().word(),
                          where,
                          words(first.act()),
                          words(second.act())),
                  "give the one that shall win the higher `priority`",
                  new Diagnostic.Related(one.span(), "the other one"));
            });
  }

  /** Whether they are for different faults, none of which keeps the other's policies back. */
  private boolean apart(Policy one, Policy other) {
    Set<String> mine = new HashSet<>(one.faults());
    Set<String> theirs = new HashSet<>(other.faults());
    return theirs.stream().noneMatch(mine::contains)
        && !suppresses(mine, theirs)
        && !suppresses(theirs, mine);
  }

  private boolean suppresses(Set<String> parents, Set<String> children) {
    return parents.stream()
        .map(faults::get)
        .filter(java.util.Objects::nonNull)
        .flatMap(fault -> fault.suppresses().stream())
        .anyMatch(suppression -> suppression.children().stream().anyMatch(children::contains));
  }
}
