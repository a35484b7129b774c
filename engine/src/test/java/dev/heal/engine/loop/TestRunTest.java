package dev.heal.engine.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heal.dsl.check.CheckResult;
import dev.heal.dsl.check.Checker;
import dev.heal.dsl.check.ImportResolver;
import dev.heal.dsl.policy.CheckedPolicy;
import dev.heal.dsl.text.SourceFile;
import dev.heal.engine.record.Entry;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The whole pipeline, from the text of policies to what their tests see. */
class TestRunTest {
  private static final String POLICIES =
      """
      heal 1
      fault node_down on node "Three heartbeats missed" {
        when heartbeat silent for 15s
        severity critical
      }
      fault thermal on gpu "Too hot" {
        when nvml.temperature >= 88C for 60s
        clear when nvml.temperature < 80C for 5m
        missing freeze
      }
      budget serving { limit 2 nodes over 1h }
      policy move {
        on node_down, within 30s, priority 100, attempts 2 over 6h, budget serving, mode enforce
        try { fence node, takes 3s, confirm node.fenced, timeout 10s }
        then { migrate service, takes 20s, confirm service.healthy for 30s, timeout 5m }
        give up { page oncall }
      }
      policy cool {
        on thermal, within 2m, priority 50, attempts 4 over 6h, mode enforce
        try { throttle gpu { power 450W }, takes 1s, confirm nvml.temperature < 80C for 2m, timeout 10m }
        give up { page oncall }
      }
      """;

  private static CheckedPolicy policies(String tests) {
    CheckResult result =
        Checker.check(List.of(new SourceFile("t.heal", POLICIES + tests)), ImportResolver.NONE);
    assertThat(result.policy()).as(result.diagnostics().toString()).isPresent();
    return result.policy().orElseThrow();
  }

  private static List<String> failures(String test) {
    CheckedPolicy policies = policies(test);
    return TestRun.run(policies, policies.tests().get(0)).failures().stream()
        .map(TestRun.Failure::headline)
        .toList();
  }

  private static final String DEAD_NODE =
      """
      test "a dead node's services move in time" {
        given  node n1 { pool "inference", service llm }
        given  node n2 { pool "spare" }
        from   0s..60s every 5s heartbeat node n1
        from   0s..180s every 5s heartbeat node n2
        expect migrate service llm by %s
      }
      """;

  @Test
  void aDeadNodesServicesMoveWithinTheTolerance() {
    assertThat(failures(DEAD_NODE.formatted("105s"))).isEmpty();
  }

  @Test
  void anExpectationThatIsMetTooLateSaysWhen() {
    assertThat(failures(DEAD_NODE.formatted("70s")))
        .containsExactly(
            "expected `migrate service llm by 70s`: it was begun only at +1m18s on service:n1/llm,"
                + " 8s too late");
  }

  @Test
  void underAMinuteOfHeatIsNoFault() {
    assertThat(
            failures(
                """
                test "short heat" {
                  given  node n1 { gpu 0 }
                  from   0s..55s every 5s nvml.temperature 91C gpu 0
                  from   60s..120s every 5s nvml.temperature 79C gpu 0
                  never  throttle gpu
                }
                """))
        .isEmpty();
  }

  @Test
  void aMinuteOfHeatThrottlesAndTheThrottleIsUndoneWhenItIsOver() {
    CheckedPolicy policies =
        policies(
            """
            test "heat" {
              given  node n1 { gpu 0 }
              from   0s..70s every 5s nvml.temperature 91C gpu 0
              from   75s..600s every 5s nvml.temperature 70C gpu 0
              expect throttle gpu 0 by 60s
            }
            """);
    TestRun.Result result = TestRun.run(policies, policies.tests().get(0));

    assertThat(result.failures()).isEmpty();
    assertThat(result.entries())
        .extracting(e -> (e.at() - TestRun.START) / 1_000_000_000L + " " + e.type().word())
        .containsExactly(
            "60 fault_raised",
            "60 decision",
            "60 action_started",
            "61 action_done",
            "195 confirmed",
            "195 ended",
            "375 fault_cleared",
            "375 reverted");
    assertThat(result.entries()).extracting(Entry::because).noneMatch(String::isBlank);
  }

  private static TestRun.Failure onlyFailure(String test) {
    CheckedPolicy policies = policies(test);
    List<TestRun.Failure> failures = TestRun.run(policies, policies.tests().get(0)).failures();
    assertThat(failures).hasSize(1);
    return failures.get(0);
  }

  @Test
  void aFaultThatWasNotRaisedShowsWhichPartOfItsConditionWasTooShort() {
    TestRun.Failure failure =
        onlyFailure(
            """
            test "short heat" {
              given  node n1 { gpu 0 }
              from   0s..55s every 5s nvml.temperature 91C gpu 0
              from   60s..120s every 5s nvml.temperature 79C gpu 0
              expect throttle gpu 0 by 10m
            }
            """);

    assertThat(failure.headline())
        .isEqualTo("expected `throttle gpu 0 by 10m`: it was never begun");
    assertThat(failure.why())
        .containsExactly(
            "policy `cool` had nothing to do:",
            "`thermal` was not raised on gpu:n1/0:",
            "  `nvml.temperature >= 88C` held from +0s to +1m: a fact ended it at the very"
                + " moment at which 60s were over");
  }

  @Test
  void whatHeldForTooShortATimeSaysForHowLong() {
    assertThat(
            onlyFailure(
                    """
                    test "short heat" {
                      given  node n1 { gpu 0 }
                      from   0s..40s every 5s nvml.temperature 91C gpu 0
                      at 45s nvml.temperature 79C gpu 0
                      expect throttle gpu 0
                    }
                    """)
                .why())
        .endsWith(
            "  `nvml.temperature >= 88C` held for 45s at most, from +0s to +45s; it takes 60s");
  }

  @Test
  void aFaultThatWasNotRaisedShowsWhatWasHeardInstead() {
    TestRun.Failure failure =
        onlyFailure(
            """
            test "warm" {
              given  node n1 { gpu 0 }
              from   0s..120s every 5s nvml.temperature 79C gpu 0
              expect fault thermal gpu 0
            }
            """);

    assertThat(failure.headline()).isEqualTo("expected `fault thermal gpu 0`: it was never raised");
    assertThat(failure.why())
        .containsExactly(
            "`thermal` was not raised on gpu:n1/0:",
            "  `nvml.temperature >= 88C` was never true: it was 79C; unknown from +2m15s on,"
                + " for want of facts");
  }

  @Test
  void aSignalThatWasNeverHeardIsNamed() {
    assertThat(
            onlyFailure(
                    """
                    test "nothing" {
                      given  node n1 { gpu 0 }
                      at 0s heartbeat node n1
                      expect fault thermal gpu 0
                    }
                    """)
                .why())
        .endsWith(
            "  `nvml.temperature >= 88C` was never known: no `nvml.temperature` of gpu:n1/0 was"
                + " heard");
  }

  @Test
  void whatMustNeverHappenComesWithTheStepsThatLedToIt() {
    TestRun.Failure failure =
        onlyFailure(
            """
            test "heat" {
              given  node n1 { gpu 0 }
              from   0s..70s every 5s nvml.temperature 91C gpu 0
              never  throttle gpu
            }
            """);

    assertThat(failure.headline())
        .isEqualTo("expected never `throttle gpu`: it was begun at +1m on gpu:n1/0");
    assertThat(failure.steps())
        .extracting(e -> e.type().word())
        .containsExactly("fault_raised", "decision", "action_started");
  }

  @Test
  void toldToFailAnActionFailsAndTheLadderGoesOn() {
    TestRun.Result result =
        run(
            """
            test "the node cannot be fenced" {
              given  node n1 { service llm }
              from   0s..60s every 5s heartbeat node n1
              fail   fence node n1
              expect give up by 80s
              expect page by 80s
              never  migrate service
            }
            """);
    assertThat(result.failures()).isEmpty();
  }

  @Test
  void aPolicyThatOnlyObservesShowsItsWholeLadderInTheTestsOfItsFile() {
    SourceFile file =
        new SourceFile(
            "o.heal",
            """
            heal 1
            fault crashed on service "Died" { when process exits with signal in [SIGSEGV] }
            policy revive {
              on crashed, within 15s, priority 10, attempts 2 over 1h
              try { restart service { fresh }, takes 3s, confirm service.healthy for 5s, timeout 60s }
              or else { degrade service { to profile "lean", undo after 2h }, takes 5s, confirm service.healthy for 5s, timeout 60s }
              give up { page oncall }
            }
            test "second rung" {
              given  node n1 { service llm }
              at 0s process exits with signal SIGSEGV service llm
              fail   restart service llm
              expect degrade service llm by 15s
            }
            """);
    CheckedPolicy policies =
        Checker.check(List.of(file), ImportResolver.NONE).policy().orElseThrow();
    TestRun.Result result = TestRun.run(policies, policies.tests().get(0));
    assertThat(result.failures()).isEmpty();

    Coverage coverage = new Coverage(List.of(file));
    coverage.declare(policies);
    coverage.add(policies, result);
    assertThat(coverage.missed())
        .extracting(Coverage.Item::what)
        .containsExactly("policy `revive`, `give up`");
    assertThat(coverage.percent()).isEqualTo(75);
  }

  @Test
  void aPolicyWhoseWhereDoesNotHoldIsNamedWithThePart() {
    CheckedPolicy policies =
        policies(
            """
            policy elsewhere {
              on thermal, where node.pool == "train", within 2m, priority 60, attempts 4 over 6h, mode enforce
              try { throttle gpu { power 300W }, takes 1s, confirm nvml.temperature < 80C for 2m, timeout 10m }
              give up { page oncall }
            }
            test "heat" {
              given  node n1 { pool "inference", gpu 0 }
              from   0s..70s every 5s nvml.temperature 91C gpu 0
              expect throttle gpu 0 by 10s
            }
            test "cold" {
              given  node n1 { pool "inference", gpu 0 }
              from   0s..70s every 5s nvml.temperature 91C gpu 0
              expect reset gpu 0
            }
            """);
    assertThat(TestRun.run(policies, policies.tests().get(1)).failures().get(0).why())
        .containsExactly("no policy of this file or its imports does `reset gpu`");
    Causes causes =
        new Causes(
            policies,
            policies.tests().get(0),
            TestFacts.of(policies.tests().get(0)),
            TestRun.run(policies, policies.tests().get(0)).entries());
    assertThat(causes.of(policies.tests().get(0).expectations().get(0)).why())
        .containsExactly(
            "policy `cool` took thermal on gpu:n1/0; its steps show how far it came",
            "policy `elsewhere` did not take thermal on gpu:n1/0: `cool` did",
            "  `node.pool == \"train\"` was never true: it is `inference`");
  }

  @Test
  void aTestThatNeverComesToRestFailsAndShowsItsLastSteps() {
    TestRun.Failure failure =
        onlyFailure(
            """
            fault hung on service "Hung" { when log matches `hang` }
            policy again {
              on hung, priority 10, attempts 1 over 1h, mode enforce
              try { restart service { fresh }, takes 1s, confirm service.healthy for 5s, timeout 9s, repeat 100 backoff 5d..5d }
              give up { page oncall }
            }
            test "again and again" {
              given  node n1 { service llm }
              at 0s log "hang" service llm
              fail   restart service llm
              never  page
            }
            """);
    assertThat(failure.headline())
        .startsWith("expected the repairs to come to rest: they go on and on: ")
        .endsWith(" steps until +395d1m20s, and a timer is still due");
    assertThat(failure.steps()).hasSize(10);
  }

  private static TestRun.Result run(String test) {
    CheckedPolicy policies = policies(test);
    return TestRun.run(policies, policies.tests().get(0));
  }
}
