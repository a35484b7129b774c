package dev.heal.engine.loop;

import dev.heal.dsl.policy.CheckedPolicy;
import dev.heal.dsl.policy.Condition;
import dev.heal.dsl.policy.Fault;
import dev.heal.dsl.policy.Policy;
import dev.heal.dsl.policy.TestCase;
import dev.heal.dsl.vocabulary.EntityKind;
import dev.heal.engine.fact.EntityId;
import dev.heal.engine.fact.Fact;
import dev.heal.engine.fact.FaultInstance;
import dev.heal.engine.record.Entry;
import dev.heal.engine.record.EntryType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Why an expectation was not met: what led there, as far as the run shows it. */
final class Causes {
  /** More entities, faults or policies than this are not gone into. */
  private static final int MOST = 3;

  private static final TestCase.Target ANYWHERE =
      new TestCase.Target("", Optional.empty(), Optional.empty());

  private final CheckedPolicy policies;
  private final TestCase test;
  private final List<Fact> facts;
  private final List<Entry> entries;

  /**
   * @param why one line each
   * @param steps what happened to what the expectation is about
   */
  record Account(List<String> why, List<Entry> steps) {}

  Causes(CheckedPolicy policies, TestCase test, List<Fact> facts, List<Entry> entries) {
    this.policies = policies;
    this.test = test;
    this.facts = facts;
    this.entries = entries;
  }

  /** The steps of an entry's fault instance, up to the entry. */
  List<Entry> until(Entry last) {
    List<Entry> upTo = entries.subList(0, entries.indexOf(last) + 1);
    return upTo.stream().filter(e -> e.instance().equals(last.instance())).toList();
  }

  /** Why what was expected did not happen. */
  Account of(TestCase.Expectation expectation) {
    List<String> why = new ArrayList<>();
    Set<FaultInstance> shown = new TreeSet<>();
    TestCase.Target target = expectation.target();
    switch (expectation.what()) {
      case ACTION -> action(target, why, shown);
      case FAULT_RAISED -> neverRaised(policies.fault(target.word()), target, why);
      case FAULT_CLEARED -> neverCleared(policies.fault(target.word()), target, why, shown);
      case GAVE_UP -> {
        if (entries.isEmpty()) {
          why.add("no fault was raised");
          policies.faults().stream()
              .filter(f -> f.span().file().name().equals(test.span().file().name()))
              .limit(MOST)
              .forEach(fault -> neverRaised(fault, target, why));
        }
        entries.forEach(e -> e.instance().ifPresent(shown::add));
      }
    }
    return new Account(why, stepsOf(shown));
  }

  private List<Entry> stepsOf(Set<FaultInstance> shown) {
    return entries.stream().filter(e -> e.instance().filter(shown::contains).isPresent()).toList();
  }

  private void action(TestCase.Target target, List<String> why, Set<FaultInstance> shown) {
    List<Policy> able = policies.policies().stream().filter(p -> does(p, target)).toList();
    if (able.isEmpty()) {
      why.add(
          "no policy of this file or its imports does `%s%s`"
              .formatted(target.word(), target.kind().map(k -> " " + k.word()).orElse("")));
      return;
    }
    for (Policy policy : able.subList(0, Math.min(MOST, able.size()))) {
      for (String name : policy.faults()) {
        policy(policy, policies.fault(name), target, why, shown);
      }
    }
    if (able.size() > MOST) {
      why.add("%d more policies do it".formatted(able.size() - MOST));
    }
  }

  private static boolean does(Policy policy, TestCase.Target target) {
    return policy.giveUp().stream().anyMatch(act -> act.verb().equals(target.word()))
        || policy.rungs().stream()
            .flatMap(rung -> rung.steps().stream())
            .anyMatch(
                step ->
                    step.act().verb().equals(target.word())
                        && (target.kind().isEmpty() || target.kind().equals(step.act().target())));
  }

  private void policy(
      Policy policy,
      Fault fault,
      TestCase.Target target,
      List<String> why,
      Set<FaultInstance> shown) {
    // of the entity that is named, where the fault is of that kind; else of any
    TestCase.Target on =
        target.kind().filter(fault.entity()::equals).isPresent() ? target : ANYWHERE;
    List<FaultInstance> raised = raised(fault, on);
    if (raised.isEmpty()) {
      why.add("policy `%s` had nothing to do:".formatted(policy.name()));
      neverRaised(fault, on, why);
    }
    for (FaultInstance instance : raised) {
      shown.add(instance);
      Set<String> taken =
          entries.stream()
              .filter(e -> e.instance().filter(instance::equals).isPresent())
              .flatMap(e -> e.policy().stream())
              .collect(Collectors.toCollection(TreeSet::new));
      if (taken.contains(policy.name())) {
        why.add(
            "policy `%s` took %s; its steps show how far it came"
                .formatted(policy.name(), instance));
      } else {
        why.add(
            "policy `%s` did not take %s%s"
                .formatted(
                    policy.name(),
                    instance,
                    taken.isEmpty() ? "" : ": `" + String.join("`, `", taken) + "` did"));
        policy.where().ifPresent(where -> explain(where, instance.entity(), why));
      }
    }
  }

  private List<FaultInstance> raised(Fault fault, TestCase.Target on) {
    return entries.stream()
        .filter(e -> e.type() == EntryType.FAULT_RAISED)
        .flatMap(e -> e.instance().stream())
        .filter(i -> i.fault().equals(fault.name()))
        .filter(i -> Judgement.on(on, Optional.of(i.entity())))
        .distinct()
        .toList();
  }

  private void neverRaised(Fault fault, TestCase.Target target, List<String> why) {
    List<EntityId> entities =
        entities(fault.entity()).stream()
            .filter(e -> Judgement.on(target, Optional.of(e)))
            .toList();
    if (entities.isEmpty()) {
      why.add(
          "`%s` is a fault of a %s, and this test gives none"
              .formatted(fault.name(), fault.entity().word()));
    }
    for (EntityId entity : entities.subList(0, Math.min(MOST, entities.size()))) {
      why.add("`%s` was not raised on %s:".formatted(fault.name(), entity));
      explain(fault.when(), entity, why);
    }
  }

  private void neverCleared(
      Fault fault, TestCase.Target target, List<String> why, Set<FaultInstance> shown) {
    List<FaultInstance> raised = raised(fault, target);
    if (raised.isEmpty()) {
      neverRaised(fault, target, why);
    }
    for (FaultInstance instance : raised) {
      shown.add(instance);
      Optional<Condition> end = fault.event() ? fault.cured() : fault.clear();
      if (end.isPresent()) {
        why.add("what ends `%s` did not come about:".formatted(fault.name()));
        explain(end.get(), instance.entity(), why);
      } else {
        why.add(
            fault.event()
                ? "it ends when a repair of it is confirmed, and none was"
                : "it ends when its condition is known to be false:");
        if (!fault.event()) {
          explain(fault.when(), instance.entity(), why);
        }
      }
    }
  }

  private void explain(Condition condition, EntityId entity, List<String> why) {
    new Inquiry(test, facts, entity).about(condition).forEach(line -> why.add("  " + line));
  }

  private List<EntityId> entities(EntityKind kind) {
    return List.copyOf(TestFacts.topology(test).all(kind));
  }
}
