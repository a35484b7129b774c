package dev.heal.engine.rule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heal.dsl.check.CheckResult;
import dev.heal.dsl.check.Checker;
import dev.heal.dsl.check.ImportResolver;
import dev.heal.dsl.policy.CheckedPolicy;
import dev.heal.dsl.text.SourceFile;
import dev.heal.engine.fact.EntityId;
import dev.heal.engine.fact.FaultInstance;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RuleSessionTest {
  private static final EntityId N1 = EntityId.node("n1");
  private static final EntityId G0 = EntityId.gpu("n1", 0);
  private static final EntityId G1 = EntityId.gpu("n1", 1);
  private static final FaultInstance OFF_BUS = new FaultInstance("off_bus", G0);
  private static final FaultInstance LOST = new FaultInstance("lost", N1);
  private static final FaultInstance HOT = new FaultInstance("hot", G1);

  private static final String HEATED =
      """
      heal 1
      fault off_bus on gpu {
        when xid == 79
        clear after 1h
        suppresses [hot] same gpu
        suppresses [hot] same node within 15m
      }
      fault lost on node {
        when heartbeat silent for 15s
        suppresses [hot] same node
      }
      fault hot on gpu {
        when xid == 48
        clear after 1h
      }
      policy cool {
        on hot
        try { cordon node, confirm node.cordoned }
      }
      policy cool_first {
        on hot
        priority 90
        where node.pool == "a"
        try { cordon node, confirm node.cordoned }
      }
      """;

  private static RuleSession session() {
    CheckResult result =
        Checker.check(List.of(new SourceFile("t.heal", HEATED)), ImportResolver.NONE);
    assertThat(result.policy()).as(result.diagnostics().toString()).isPresent();
    return new RuleSession.Rules(result.policy().orElseThrow()).open();
  }

  @Test
  void theHigherPriorityWhoseWhereHoldsTakesTheFault() {
    try (RuleSession session = session()) {
      assertThat(session.current()).isEmpty();
      session.raised(HOT);
      assertThat(RandomRules.proposals(session)).containsExactly("cool takes hot on gpu:n1/1");
      session.where("cool_first", G1, true);
      assertThat(RandomRules.proposals(session))
          .containsExactly("cool_first takes hot on gpu:n1/1");
      session.where("cool_first", G1, false);
      session.cleared(HOT);
      assertThat(session.current()).isEmpty();
    }
  }

  @Test
  void aParentSuppressesByTheStatementThatIsActiveAndOnWhatBothShare() {
    try (RuleSession session = session()) {
      session.raised(HOT);
      session.related(G0, G0, true);
      session.related(G1, G1, true);
      session.related(G0, N1, true);
      session.related(G1, N1, true);

      session.suppressing(OFF_BUS, 1, true); // `same gpu`: it is another one
      assertThat(RandomRules.proposals(session)).containsExactly("cool takes hot on gpu:n1/1");

      session.suppressing(OFF_BUS, 2, true);
      assertThat(RandomRules.proposals(session))
          .containsExactly("cool takes hot on gpu:n1/1 below off_bus on gpu:n1/0");

      session.related(G0, N1, false); // it moved away
      assertThat(RandomRules.proposals(session)).containsExactly("cool takes hot on gpu:n1/1");
    }
  }

  @Test
  void ofSeveralParentsTheFirstByNameIsNamedWhicheverCameFirst() {
    try (RuleSession session = session()) {
      List.of(N1, G0, G1).forEach(entity -> session.related(entity, N1, true));
      session.raised(HOT);
      session.suppressing(OFF_BUS, 2, true);
      session.suppressing(LOST, 1, true);
      assertThat(RandomRules.proposals(session))
          .containsExactly("cool takes hot on gpu:n1/1 below lost on node:n1");
      session.suppressing(LOST, 1, false);
      assertThat(RandomRules.proposals(session))
          .containsExactly("cool takes hot on gpu:n1/1 below off_bus on gpu:n1/0");
    }
  }

  @Test
  void theVersionGrowsWithTheProposalsAndOnlyWithThem() {
    try (RuleSession session = session()) {
      session.related(N1, N1, true);
      session.suppressing(LOST, 1, true);
      assertThat(session.version()).isZero();

      session.raised(HOT);
      long raised = session.version();
      assertThat(raised).isPositive();
      session.raised(HOT);
      session.related(G0, N1, true);
      session.where("cool", G1, true); // it has no `where`
      assertThat(session.version()).isEqualTo(raised);

      session.related(G1, N1, true);
      long suppressed = session.version();
      assertThat(suppressed).isGreaterThan(raised);

      session.cleared(HOT);
      session.raised(HOT); // the same proposals, but of another spell
      assertThat(session.version()).isGreaterThan(suppressed);
    }
  }

  @Test
  void sessionAndPlainLoopsAgreeAlsoWhenTheSessionIsRebuiltAtAnyMoment() {
    int suppressed = 0;
    for (long seed = 1; seed <= 60; seed++) {
      Random random = new Random(seed);
      CheckedPolicy policies = RandomRules.policies(1 + random.nextInt(20), random);
      RuleSession.Rules rules = new RuleSession.Rules(policies);
      RuleSession session = rules.open();
      Set<Object> facts = new LinkedHashSet<>();
      for (int step = 0; step < 80; step++) {
        for (int told = random.nextInt(4); told >= 0; told--) {
          Object fact = RandomRules.fact(policies, random);
          boolean holds = facts.add(fact);
          if (!holds) {
            facts.remove(fact);
          }
          RandomRules.tell(session, fact, holds);
        }
        if (random.nextInt(10) == 0) {
          session.close();
          session = rebuilt(rules, facts, random);
        }
        List<String> expected = RandomRules.expected(policies, facts);
        suppressed += (int) expected.stream().filter(p -> p.contains(" below ")).count();
        assertThat(RandomRules.proposals(session))
            .as("seed %d, step %d", seed, step)
            .isEqualTo(expected);
      }
      session.close();
    }
    assertThat(suppressed).as("the facts do make suppressions").isGreaterThan(500);
  }

  /** The same facts, told in any order. */
  private static RuleSession rebuilt(RuleSession.Rules rules, Set<Object> facts, Random random) {
    RuleSession session = rules.open();
    List<Object> shuffled = new ArrayList<>(facts);
    Collections.shuffle(shuffled, random);
    shuffled.forEach(fact -> RandomRules.tell(session, fact, true));
    return session;
  }
}
