package dev.heal.engine.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heal.dsl.check.CheckResult;
import dev.heal.dsl.check.Checker;
import dev.heal.dsl.check.ImportResolver;
import dev.heal.dsl.policy.CheckedPolicy;
import dev.heal.dsl.policy.Site;
import dev.heal.dsl.text.SourceFile;
import dev.heal.engine.fact.EntityId;
import dev.heal.engine.fact.FactStage;
import dev.heal.engine.fact.FaultInstance;
import dev.heal.engine.fact.Topology;
import dev.heal.engine.rule.RuleSession;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the loop tells the rules about suppression, as times pass and services move. */
class SuppressionsTest {
  private static final long SECOND = 1_000_000_000L;
  private static final EntityId N1 = EntityId.node("n1");
  private static final EntityId LLM = EntityId.service("n1", "llm");
  private static final FaultInstance HUNG = new FaultInstance("hung", N1);
  private static final FaultInstance CRASHED = new FaultInstance("crashed", LLM);

  private static final String POLICIES =
      """
      heal 1
      fault hung on node {
        when hung_task
        clear after 1h
        suppresses [crashed] same node within 15m
        suppresses [silent] same node
      }
      fault crashed on service {
        when process exits with signal in [SIGSEGV]
        clear after 1h
      }
      fault silent on node {
        when heartbeat silent for 15s
      }
      policy revive {
        on crashed, mode enforce, attempts 2 over 1h
        try { restart service, takes 3s, confirm service.healthy for 5s, timeout 60s }
        give up { page oncall }
      }
      """;

  private final Topology topology = new Topology(Site.EMPTY);
  private final Set<FaultInstance> repairing = new HashSet<>();
  private final RuleSession session;
  private final Suppressions suppressions;

  SuppressionsTest() {
    CheckedPolicy policies = policies("");
    topology.add(LLM);
    session = new RuleSession.Rules(policies).open();
    suppressions =
        new Suppressions(
            policies,
            new StageViews(new FactStage(policies, topology, 0)),
            topology::version,
            session);
  }

  @AfterEach
  void close() {
    session.close();
  }

  private static CheckedPolicy policies(String tests) {
    CheckResult result =
        Checker.check(List.of(new SourceFile("t.heal", POLICIES + tests)), ImportResolver.NONE);
    assertThat(result.policy()).as(result.diagnostics().toString()).isPresent();
    return result.policy().orElseThrow();
  }

  private void raised(FaultInstance instance, int second) {
    session.raised(instance);
    suppressions.raised(instance, second * SECOND);
  }

  private Optional<FaultInstance> suppressorAt(int second) {
    suppressions.tell(repairing::contains, second * SECOND);
    return session.current().first().suppressedBy();
  }

  @Test
  void aParentSuppressesWithinItsTimeAndThenAsLongAsItsRepairLasts() {
    raised(CRASHED, 0);
    assertThat(suppressorAt(0)).isEmpty();
    raised(HUNG, 10);
    assertThat(suppressorAt(10)).contains(HUNG);
    assertThat(suppressions.nextAt()).isEqualTo(910 * SECOND);
    assertThat(suppressorAt(909)).contains(HUNG);
    assertThat(suppressorAt(910)).isEmpty();
    assertThat(suppressions.nextAt()).isEqualTo(Long.MAX_VALUE);

    repairing.add(HUNG);
    assertThat(suppressorAt(920)).contains(HUNG);
    suppressions.cleared(HUNG);
    assertThat(suppressorAt(930)).isEmpty();
  }

  @Test
  void aServiceThatMovesAwayIsNoLongerSuppressedAndOneThatComesBackIs() {
    raised(HUNG, 0);
    raised(CRASHED, 0);
    assertThat(suppressorAt(0)).contains(HUNG);
    topology.placeService(LLM, "n2", new TreeSet<>());
    assertThat(suppressorAt(1)).isEmpty();
    topology.placeService(LLM, "n1", new TreeSet<>());
    assertThat(suppressorAt(2)).contains(HUNG);
  }

  @Test
  void whatOneFaultNeededOfAnEntityIsKeptWhileAnotherNeedsIt() {
    FaultInstance silent = new FaultInstance("silent", N1);
    raised(silent, 0);
    raised(HUNG, 0);
    raised(CRASHED, 0);
    session.cleared(silent);
    suppressions.cleared(silent);
    assertThat(suppressorAt(0)).contains(HUNG);
  }

  @Test
  void aChildStartsWhenWithinIsOverThoughNothingElseHappens() {
    CheckedPolicy policies =
        policies(
            """
            test "hung, then crashed" {
              given  node n1 { service llm }
              at 0s  hung_task node n1
              at 5s  process exits with signal SIGSEGV service llm
              expect restart service llm by 15m
            }
            """);
    TestRun.Result result = TestRun.run(policies, policies.tests().get(0));

    assertThat(result.failures()).isEmpty();
    assertThat(result.entries())
        .filteredOn(e -> e.instance().filter(CRASHED::equals).isPresent())
        .extracting(e -> (e.at() - TestRun.START) / SECOND + " " + e.type().word())
        .startsWith("5 fault_raised", "5 suppressed")
        .contains("900 action_started");
  }
}
