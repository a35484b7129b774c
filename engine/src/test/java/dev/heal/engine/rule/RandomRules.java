package dev.heal.engine.rule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heal.dsl.check.CheckResult;
import dev.heal.dsl.check.Checker;
import dev.heal.dsl.check.ImportResolver;
import dev.heal.dsl.policy.CheckedPolicy;
import dev.heal.dsl.policy.Fault;
import dev.heal.dsl.policy.Policy;
import dev.heal.dsl.text.SourceFile;
import dev.heal.dsl.vocabulary.EntityKind;
import dev.heal.engine.fact.EntityId;
import dev.heal.engine.fact.FaultInstance;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/** Random policies and random facts about them; and what follows from the facts, by plain loops. */
final class RandomRules {
  static final List<EntityId> ENTITIES =
      List.of(
          EntityId.node("n1"),
          EntityId.node("n2"),
          EntityId.gpu("n1", 0),
          EntityId.gpu("n1", 1),
          EntityId.job("j1"));

  private static final List<String> FAULTS =
      List.of(
          "on node \"*/ ${x} end\" {\n  when hung_task\n  clear after 1m\n",
          "on node \"\\\\ \u2028\" {\n  when hung_task\n  clear after 1m\n",
          "on gpu {\n  when xid == 79\n  clear after 1m\n",
          "on gpu {\n  when xid == 48\n  clear after 1m\n",
          "on job {\n  when log matches `x`\n  clear after 1m\n");

  private RandomRules() {}

  static CheckedPolicy policies(int count, Random random) {
    StringBuilder text = new StringBuilder("heal 1\n");
    for (int fault = 0; fault < FAULTS.size(); fault++) {
      text.append("fault f" + fault + " " + FAULTS.get(fault));
      for (int i = random.nextInt(3); i > 0 && fault + 1 < FAULTS.size(); i--) {
        // only later ones, so that there is no circle
        int child = fault + 1 + random.nextInt(FAULTS.size() - fault - 1);
        text.append("  suppresses [f" + child + (random.nextBoolean() ? ", f4" : ""));
        text.append("] same " + List.of("node", "gpu", "job").get(random.nextInt(3)));
        text.append(random.nextBoolean() ? " within 15m\n" : "\n");
      }
      text.append("}\n");
    }
    for (int i = 0; i < count; i++) {
      int fault = random.nextInt(FAULTS.size());
      int other = fault == 4 ? 4 : fault / 2 * 2 + random.nextInt(2);
      text.append("policy p" + i + " {\n  on [f" + fault + ", f" + other + "]\n");
      text.append("  priority " + random.nextInt(4) * 10 + "\n");
      text.append(random.nextInt(3) > 0 ? "  where node.pool == \"\\\"*/ ${\"\n" : "");
      text.append("  try { cordon node, confirm node.cordoned }\n}\n");
    }
    CheckResult result =
        Checker.check(List.of(new SourceFile("t\n.heal", text.toString())), ImportResolver.NONE);
    assertThat(result.policy()).as(result.diagnostics() + "\n" + text).isPresent();
    return result.policy().orElseThrow();
  }

  /** A fact that may be told. */
  static Object fact(CheckedPolicy policies, Random random) {
    EntityId entity = ENTITIES.get(random.nextInt(ENTITIES.size()));
    String fault = policies.faults().get(random.nextInt(FAULTS.size())).name();
    return switch (random.nextInt(5)) {
      case 0 -> new RaisedFault(fault, entity);
      case 1 ->
          new Holds(
              policies.policies().get(random.nextInt(policies.policies().size())).name(), entity);
      case 2 -> new Suppressing(fault, 1 + random.nextInt(2), entity);
      default -> new Related(entity, ENTITIES.get(random.nextInt(ENTITIES.size())));
    };
  }

  static void tell(RuleSession session, Object fact, boolean holds) {
    if (fact instanceof RaisedFault raised) {
      if (holds) {
        session.raised(raised.instance());
      } else {
        session.cleared(raised.instance());
      }
    } else if (fact instanceof Holds where) {
      session.where(where.getPolicy(), where.getEntity(), holds);
    } else if (fact instanceof Suppressing parent) {
      session.suppressing(parent.instance(), parent.getStatement(), holds);
    } else if (fact instanceof Related related) {
      session.related(related.getEntity(), related.getTo(), holds);
    } else {
      throw new IllegalArgumentException(fact.toString());
    }
  }

  static String text(String policy, FaultInstance instance, Optional<FaultInstance> suppressedBy) {
    return policy + " takes " + instance + suppressedBy.map(p -> " below " + p).orElse("");
  }

  static List<String> proposals(RuleSession session) {
    return session.current().stream()
        .map(p -> text(p.policy(), p.instance(), p.suppressedBy()))
        .toList();
  }

  /** What the facts call for, by plain loops. */
  static List<String> expected(CheckedPolicy policies, Set<Object> facts) {
    List<String> expected = new ArrayList<>();
    List<FaultInstance> raised =
        facts.stream()
            .filter(RaisedFault.class::isInstance)
            .map(fact -> ((RaisedFault) fact).instance())
            .sorted()
            .toList();
    for (Policy policy : PolicyModel.ranked(policies)) {
      for (FaultInstance instance : raised) {
        if (taker(policies, facts, instance).filter(policy::equals).isPresent()) {
          expected.add(text(policy.name(), instance, parent(policies, facts, instance)));
        }
      }
    }
    return expected;
  }

  private static Optional<Policy> taker(
      CheckedPolicy policies, Set<Object> facts, FaultInstance instance) {
    for (Policy policy : PolicyModel.ranked(policies)) {
      if (policy.faults().contains(instance.fault())
          && (policy.where().isEmpty()
              || facts.contains(new Holds(policy.name(), instance.entity())))) {
        return Optional.of(policy);
      }
    }
    return Optional.empty();
  }

  private static Optional<FaultInstance> parent(
      CheckedPolicy policies, Set<Object> facts, FaultInstance child) {
    Optional<FaultInstance> first = Optional.empty();
    for (Object fact : facts) {
      if (fact instanceof Suppressing parent) {
        List<Fault.Suppression> all = policies.fault(parent.getFault()).suppresses();
        if (parent.getStatement() <= all.size()) {
          Fault.Suppression suppression = all.get(parent.getStatement() - 1);
          if (suppression.children().contains(child.fault())
              && share(facts, parent.getEntity(), child.entity(), suppression.relation())
              && (first.isEmpty() || parent.instance().compareTo(first.get()) < 0)) {
            first = Optional.of(parent.instance());
          }
        }
      }
    }
    return first;
  }

  private static boolean share(Set<Object> facts, EntityId one, EntityId other, EntityKind kind) {
    return ENTITIES.stream()
        .filter(shared -> shared.kind() == kind)
        .anyMatch(
            shared ->
                facts.contains(new Related(one, shared))
                    && facts.contains(new Related(other, shared)));
  }
}
