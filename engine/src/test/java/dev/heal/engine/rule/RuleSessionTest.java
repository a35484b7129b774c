package dev.heal.engine.rule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heal.dsl.check.CheckResult;
import dev.heal.dsl.check.Checker;
import dev.heal.dsl.check.ImportResolver;
import dev.heal.dsl.policy.CheckedPolicy;
import dev.heal.dsl.policy.Policy;
import dev.heal.dsl.text.SourceFile;
import dev.heal.engine.fact.EntityId;
import dev.heal.engine.fact.FaultInstance;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RuleSessionTest {
  private static final EntityId N1 = EntityId.node("n1");

  /** Policies on five faults; about half of them with a {@code where}. */
  private static CheckedPolicy policies(int count, Random random) {
    StringBuilder text = new StringBuilder("heal 1\n");
    for (int i = 0; i < 5; i++) {
      text.append("fault f" + i + " on node {\n  when hung_task\n  clear after 1m\n}\n");
    }
    for (int i = 0; i < count; i++) {
      text.append("policy p" + i + " {\n  on [f" + random.nextInt(5) + ", f" + random.nextInt(5));
      text.append("]\n  priority " + random.nextInt(4) * 10 + "\n");
      text.append(random.nextBoolean() ? "  where node.pool == \"a\"\n" : "");
      text.append("  try { cordon node, confirm node.cordoned }\n}\n");
    }
    CheckResult result =
        Checker.check(List.of(new SourceFile("t.heal", text.toString())), ImportResolver.NONE);
    assertThat(result.policy()).as(result.diagnostics().toString()).isPresent();
    return result.policy().orElseThrow();
  }

  /** The same, by plain loops. */
  private static List<String> reference(
      CheckedPolicy policies, Set<FaultInstance> raised, Set<String> holds) {
    List<String> expected = new ArrayList<>();
    for (Policy policy : PolicyModel.ranked(policies)) {
      for (FaultInstance instance : raised.stream().sorted().toList()) {
        for (Policy first : PolicyModel.ranked(policies)) {
          boolean takes =
              first.faults().contains(instance.fault())
                  && (first.where().isEmpty()
                      || holds.contains(first.name() + " " + instance.entity()));
          if (takes) {
            if (first.name().equals(policy.name())) {
              expected.add(policy.name() + " " + instance);
            }
            break;
          }
        }
      }
    }
    return expected;
  }

  private static List<String> names(RuleSession session) {
    return session.current().stream().map(p -> p.policy() + " " + p.instance()).toList();
  }

  @Test
  void theHigherPriorityWhoseWhereHoldsTakesTheFault() {
    CheckedPolicy policies = policies(12, new Random(3));
    FaultInstance instance = new FaultInstance(policies.policies().get(0).faults().get(0), N1);
    try (RuleSession session = new RuleSession.Rules(policies).open()) {
      assertThat(session.current()).isEmpty();
      session.raised(instance);
      assertThat(names(session)).isEqualTo(reference(policies, Set.of(instance), Set.of()));
      session.cleared(instance);
      assertThat(session.current()).isEmpty();
    }
  }

  @Test
  void sessionAndPlainLoopsAgreeAlsoWhenTheSessionIsRebuiltAtAnyMoment() {
    for (long seed = 1; seed <= 40; seed++) {
      Random random = new Random(seed);
      CheckedPolicy policies = policies(1 + random.nextInt(20), random);
      RuleSession.Rules rules = new RuleSession.Rules(policies);
      RuleSession session = rules.open();
      Set<FaultInstance> raised = new HashSet<>();
      Set<String> holds = new HashSet<>();
      for (int step = 0; step < 60; step++) {
        EntityId entity = EntityId.node("n" + random.nextInt(3));
        if (random.nextBoolean()) {
          FaultInstance instance = new FaultInstance("f" + random.nextInt(5), entity);
          if (raised.remove(instance)) {
            session.cleared(instance);
          } else {
            raised.add(instance);
            session.raised(instance);
          }
        } else {
          String policy = "p" + random.nextInt(policies.policies().size());
          boolean now = holds.add(policy + " " + entity);
          if (!now) {
            holds.remove(policy + " " + entity);
          }
          session.where(policy, entity, now);
        }
        if (random.nextInt(10) == 0) {
          session.close();
          session = rules.open();
          for (FaultInstance instance : raised) {
            session.raised(instance);
          }
          for (String hold : holds) {
            int blank = hold.indexOf(' ');
            session.where(
                hold.substring(0, blank),
                EntityId.parse(hold.substring(blank + 1)).orElseThrow(),
                true);
          }
        }
        assertThat(names(session))
            .as("seed %d, step %d", seed, step)
            .isEqualTo(reference(policies, raised, holds));
      }
      session.close();
    }
  }
}
