package dev.heal.engine.fact;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heal.dsl.check.CheckResult;
import dev.heal.dsl.check.Checker;
import dev.heal.dsl.policy.CheckedPolicy;
import dev.heal.dsl.text.SourceFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Stories of faults, each with its literal times in seconds. */
class FactStageTest {
  private static final String SITE =
      "node n1 { heartbeat every 5s\n gpu 0 { pci \"0000:3b:00\" } }\n";
  private static final EntityId NODE = EntityId.node("n1");
  private static final EntityId GPU = EntityId.gpu("n1", 0);

  private final List<String> told = new ArrayList<>();

  @Test
  void forIsOverByTheClockWithoutAnotherSample() {
    FactStage stage = stage("fault hot on node { when net.rtt >= 1s for 2s, missing freeze }");
    hear(stage, sample(10, NODE, "net.rtt", 2));
    advance(stage, 20);
    assertThat(told).containsExactly("10 hot CLEAR>PENDING", "12 hot PENDING>RAISED");
  }

  /** A line of a recording must stay readable. */
  @Test
  void thereIsNoCopyInOnePieceOfTooMuch() {
    FactStage stage = stage("fault hot on node { when net.rtt >= 1s for 2s, missing freeze }");
    int nodes = 1_000_000 / SampleWindow.MOST_RETAINED + 1;
    assertThat(stage.copyNow()).isPresent();
    for (int t = 0; t < SampleWindow.MOST_RETAINED; t++) {
      for (int n = 0; n < nodes; n++) {
        EntityId node = EntityId.node("n" + n);
        stage.accept(new Fact.Sample(t * 10_000_000L, node, "net.rtt", 0.1));
      }
    }
    assertThat(stage.copyNow()).isEmpty();
  }

  @Test
  void aSampleOnTheGoodSideStartsForAnew() {
    FactStage stage = stage("fault hot on node { when net.rtt >= 1s for 2s, missing freeze }");
    hear(stage, sample(10, NODE, "net.rtt", 2), sample(11, NODE, "net.rtt", 0.5));
    hear(stage, sample(11, NODE, "net.rtt", 2));
    advance(stage, 13);
    assertThat(told)
        .containsExactly(
            "10 hot CLEAR>PENDING",
            "11 hot PENDING>CLEAR",
            "11 hot CLEAR>PENDING",
            "13 hot PENDING>RAISED");
  }

  @Test
  void aRaisedFaultStaysRaisedWhenItsSignalFallsSilentAndReturns() {
    FactStage stage = stage("fault hot on node { when net.rtt >= 1s for 2s, missing freeze }");
    hear(stage, sample(10, NODE, "net.rtt", 2));
    advance(stage, 60);
    hear(stage, sample(60, NODE, "net.rtt", 2));
    assertThat(stage.beliefs().raised()).hasSize(1);
    hear(stage, sample(61, NODE, "net.rtt", 0));
    assertThat(told).endsWith("12 hot PENDING>RAISED", "61 hot RAISED>CLEAR");
  }

  @Test
  void hysteresisClearsAfterItsOwnSpan() {
    FactStage stage =
        stage(
            "fault hot on node { when net.rtt >= 1s for 2s, clear when net.rtt < 500ms for 2s,"
                + " missing freeze }");
    for (int t = 0; t <= 3; t++) {
      hear(stage, sample(t, NODE, "net.rtt", 2));
    }
    hear(stage, sample(4, NODE, "net.rtt", 0.7), sample(5, NODE, "net.rtt", 0.2));
    advance(stage, 9);
    assertThat(told)
        .containsExactly(
            "0 hot CLEAR>PENDING",
            "2 hot PENDING>RAISED",
            "5 hot RAISED>CLEARING",
            "7 hot CLEARING>CLEAR");
  }

  @Test
  void whatOurOwnOrderHealsIsHeardAsHealth() {
    FactStage stage =
        stage("fault crashed on service { when process exits, cured when healthy for 5s }");
    EntityId service = EntityId.service("n1", "llm");
    hear(stage, event(1, service, "exit", Map.of("exit_code", "1")));
    stage.disturb(service, Disturbance.UNSETTLED, at(2));
    for (int t = 3; t <= 9; t++) {
      hear(stage, sample(t, service, "healthy", t < 4 ? 0 : 1));
    }
    advance(stage, 10);
    told.removeIf(line -> line.contains("flag:"));
    assertThat(told)
        .containsExactly(
            "1 crashed CLEAR>RAISED", "4 crashed RAISED>CLEARING", "9 crashed CLEARING>CLEAR");
  }

  @Test
  void silenceWhileClearingIsNotHealth() {
    FactStage stage =
        stage("fault hot on node { when net.rtt >= 1s, clear when net.rtt < 500ms for 9s }");
    hear(stage, sample(0, NODE, "net.rtt", 2), sample(1, NODE, "net.rtt", 0.2));
    advance(stage, 30);
    assertThat(told)
        .containsExactly("0 hot CLEAR>RAISED", "1 hot RAISED>CLEARING", "4 hot CLEARING>RAISED");
  }

  @Test
  void threeMissedHeartbeatsAreCountedFromTheStartWhereTheSiteDeclaresThem() {
    FactStage stage = stage("fault down on node { when heartbeat silent for 15s }");
    advance(stage, 14);
    assertThat(told).isEmpty();
    advance(stage, 15);
    hear(stage, event(20, NODE, "heartbeat", Map.of()));
    assertThat(told).containsExactly("15 down CLEAR>RAISED", "20 down RAISED>CLEAR");
  }

  @Test
  void anEventRaisesRepeatsAndIsEndedByARepair() {
    FactStage stage = stage("fault bus on gpu { when xid == 79, clear after 1h }");
    EntityId byAddress = new EntityId(GPU.kind(), "n1/0000:3b:00");
    hear(stage, event(1, byAddress, "xid", Map.of("code", "79")));
    hear(stage, event(1, byAddress, "xid", Map.of("code", "79")));
    hear(stage, event(2, GPU, "xid", Map.of("code", "79")));
    hear(stage, event(3, GPU, "xid", Map.of("code", "13")));
    tell(stage.clear(new FaultInstance("bus", GPU), at(5), "repaired"));
    assertThat(told).containsExactly("1 bus CLEAR>RAISED", "2 bus again", "5 bus RAISED>CLEAR");
    assertThat(stage.duplicates()).isEqualTo(1);
  }

  @Test
  void anEventClearsAfterItsSpanByTheClock() {
    FactStage stage = stage("fault bus on gpu { when xid == 79, clear after 1m }");
    hear(stage, event(1, GPU, "xid", Map.of("code", "79")));
    advance(stage, 100);
    assertThat(told).containsExactly("1 bus CLEAR>RAISED", "61 bus RAISED>CLEAR");
  }

  @Test
  void aCountForgetsWhatLeavesItsWindow() {
    FactStage stage = stage("fault storm on gpu { when count(xid == 48) >= 2 over 10s }");
    hear(stage, event(1, GPU, "xid", Map.of("code", "48")));
    hear(stage, event(5, GPU, "xid", Map.of("code", "48")));
    advance(stage, 30);
    assertThat(told).containsExactly("5 storm CLEAR>RAISED", "11 storm RAISED>CLEAR");
  }

  @Test
  void aConfirmationNeedsFactsFromAfterTheStep() {
    FactStage stage = stage("fault hot on node { when net.rtt >= 1s }");
    var low = stage("fault low on node { when net.rtt < 1s for 2s, missing freeze }", "low");
    hear(stage, sample(10, NODE, "net.rtt", 0.1));
    tell(stage.watch("w", low, NODE, at(11)));
    advance(stage, 12);
    assertThat(stage.beliefs().truth("w", NODE)).isEqualTo(Truth.UNKNOWN);
    hear(stage, sample(12, NODE, "net.rtt", 0.1));
    advance(stage, 14);
    assertThat(told).containsExactly("12 w FALSE", "14 w TRUE");
  }

  @Test
  void aRunningForGoesOnWhenAnotherEntityIsFound() {
    FactStage stage =
        stage("fault hot on node { when gpu.nvml.temperature >= 90C for 5s, missing freeze }");
    for (int t = 10; t <= 13; t++) {
      hear(stage, sample(t, GPU, "nvml.temperature", 95));
    }
    hear(stage, sample(14, EntityId.gpu("n1", 1), "nvml.temperature", 40));
    advance(stage, 15);
    assertThat(told).containsExactly("10 hot CLEAR>PENDING", "15 hot PENDING>RAISED");
  }

  @Test
  void whatCuresAnEventIsHeardAfterItCameLast() {
    FactStage stage = stage("fault bus on gpu { when xid == 79, cured when nvml.present for 4s }");
    hear(stage, event(1, GPU, "xid", Map.of("code", "79")));
    hear(stage, sample(2, GPU, "nvml.present", 1));
    hear(stage, event(3, GPU, "xid", Map.of("code", "79")));
    advance(stage, 4);
    hear(stage, sample(5, GPU, "nvml.present", 1));
    hear(stage, sample(7, GPU, "nvml.present", 1));
    advance(stage, 9);
    assertThat(told)
        .containsExactly(
            "1 bus CLEAR>RAISED",
            "2 bus RAISED>CLEARING",
            "3 bus again",
            "3 bus CLEARING>RAISED",
            "5 bus RAISED>CLEARING",
            "9 bus CLEARING>CLEAR");
  }

  @Test
  void whatAPatternCapturesOfARelatedEntitysLogIsKept() {
    FactStage stage =
        stage(
            "fault hang on node { when service.log matches `rank (?<rank>\\d+)`, capture rank,"
                + " clear after 1h }");
    hear(stage, event(1, EntityId.service("n1", "llm"), "log", Map.of("line", "rank 3 hangs")));
    assertThat(stage.beliefs().raised().get(0).captures()).containsExactly(Map.entry("rank", "3"));
  }

  @Test
  void whatWasDueByTheClockStaysSoForAFactOfTheSameInstant() {
    FactStage stage =
        stage("fault down on node { when heartbeat silent for 15s and net.rtt >= 1s }");
    hear(stage, sample(14, NODE, "net.rtt", 2));
    advance(stage, 15);
    hear(stage, sample(15, NODE, "net.rtt", 3));
    assertThat(told).containsExactly("15 down CLEAR>RAISED");
  }

  @Test
  void anEventThatNothingCanHaveDidNotHappen() {
    FactStage stage =
        stage(
            "fault lost on gpu { when (service.log matches `x` and nvml.present), missing raise, clear after 1h }");
    hear(stage, sample(1, GPU, "nvml.present", 1));
    advance(stage, 60);
    assertThat(told).isEmpty();
  }

  private static dev.heal.dsl.policy.Condition stage(String text, String fault) {
    return checked(text).fault(fault).when();
  }

  private static CheckedPolicy checked(String text) {
    SourceFile file = new SourceFile("test.heal", "heal 1\n" + SITE + text + "\n");
    CheckResult result = Checker.check(List.of(file), (from, path) -> Optional.empty());
    return result.policy().orElseThrow(() -> new AssertionError(result.diagnostics()));
  }

  private static FactStage stage(String text) {
    CheckedPolicy policy = checked(text);
    return new FactStage(policy, new Topology(policy.site()), at(0));
  }

  private static long at(long seconds) {
    return seconds * 1_000_000_000L;
  }

  private static Fact sample(long t, EntityId entity, String signal, double value) {
    return new Fact.Sample(at(t), entity, signal, value);
  }

  private static Fact event(long t, EntityId entity, String signal, Map<String, String> fields) {
    return new Fact.Event(at(t), entity, signal, fields);
  }

  private void hear(FactStage stage, Fact... facts) {
    for (Fact fact : facts) {
      tell(stage.accept(fact));
    }
  }

  private void advance(FactStage stage, long to) {
    tell(stage.advanceTo(at(to)));
  }

  private void tell(List<FactChange> changes) {
    for (FactChange change : changes) {
      String when = change.at() / 1_000_000_000L + " ";
      if (change instanceof FactChange.FaultMoved moved) {
        told.add(when + moved.instance().fault() + " " + moved.from() + ">" + moved.to());
      } else if (change instanceof FactChange.FaultRepeated again) {
        told.add(when + again.instance().fault() + " again");
      } else if (change instanceof FactChange.ConditionMoved moved) {
        told.add(when + moved.key() + " " + moved.truth());
      }
    }
  }
}
