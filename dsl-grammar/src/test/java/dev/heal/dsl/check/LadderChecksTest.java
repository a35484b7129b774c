package dev.heal.dsl.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heal.dsl.Examples;
import dev.heal.dsl.text.SourceFile;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Checks over the whole: each fires where it must, and is silent one word further. */
class LadderChecksTest {
  private static final String COOL =
      "throttle gpu { power 450W }, takes 1s, confirm nvml.temperature < 80C for 2m, timeout 10m";
  private static final String CORDON = "cordon node, takes 1s, confirm node.cordoned, timeout 10s";
  private static final String HOT =
      "when nvml.temperature >= 88C for 60s, clear when nvml.temperature < 80C for 5m";

  private static List<String> findings(String text) {
    return Checker.check(List.of(new SourceFile("t.heal", "heal 1\n" + text)), ImportResolver.NONE)
        .diagnostics()
        .stream()
        .map(d -> d.span().line() + ":" + d.span().column() + " " + d.code())
        .toList();
  }

  private static String fault(String name, String kind, String statements) {
    return "fault %s on %s \"F\" { %s, missing freeze }\n".formatted(name, kind, statements);
  }

  private static String policy(String name, String settings, String rung) {
    return "policy %s { %s, budget b\n try { %s }\n give up { page oncall } }\n"
        .formatted(name, settings, rung);
  }

  private static final String BUDGET = "budget b { limit 1 node over 1h }\n";

  private static void expect(List<String> found, @org.jspecify.annotations.Nullable String code) {
    assertThat(found).isEqualTo(code == null ? List.of() : List.of(code));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "within 30s           | 4:1 H0401",
        "within 2m            |",
        "cooldown 10m per gpu | 4:1 H0408",
        "cooldown 15m per gpu |",
      })
  void timesFitTogether(String setting, String expected) {
    expect(
        findings(BUDGET + fault("hot", "gpu", HOT) + policy("p", "on hot, " + setting, COOL)),
        expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "when nvml.temperature >= 88C for 60s, clear when nvml.temperature <= 88C for 5m | 3:1 H0409",
        "when nvml.temperature >= 88C for 60s, clear when nvml.temperature < 88C for 5m  |",
        "when (nvml.power >= 90W and nvml.power < 80W) for 60s | 3:29 H0501",
        "when (nvml.power >= 80W and nvml.power < 90W) for 60s |",
        "when (nvml.power >= 90W or nvml.power < 80W) for 60s  |",
      })
  void conditionsCanHold(String statements, String expected) {
    expect(
        findings(BUDGET + fault("hot", "gpu", statements) + policy("p", "on hot", COOL)), expected);
  }

  @Test
  void aPluralRelationMayFulfilBothPartsOfWhatLooksImpossible() {
    String both = "when (gpu.nvml.power >= 90W and gpu.nvml.power < 80W) for 60s";

    assertThat(findings(BUDGET + fault("uneven", "node", both) + policy("p", "on uneven", COOL)))
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "priority 50                              | priority 50 | 7:1 H0505",
        "priority 60                              | priority 50 | 7:1 H0502",
        "priority 60, where node.pool == \"a\"    | priority 50 |",
        "priority 50                              | priority 60, where node.pool == \"a\" |",
      })
  void oneOfTwoPoliciesWins(String first, String second, String expected) {
    expect(
        findings(
            BUDGET
                + fault("hot", "gpu", HOT)
                + policy("p", "on hot, " + first, COOL)
                + policy("q", "on hot, " + second, CORDON)),
        expected);
  }

  @Test
  void policiesThatDoTheSameMayHaveTheSamePriority() {
    assertThat(
            findings(
                BUDGET
                    + fault("hot", "gpu", HOT)
                    + policy("p", "on hot, priority 50", COOL)
                    + policy("q", "on hot, priority 50", COOL)))
        .isEmpty();
  }

  @Test
  void faultsThatSuppressEachOtherAreNamedOnce() {
    String circle =
        BUDGET
            + fault("a", "gpu", HOT + ", suppresses [c] same gpu")
            + fault("c", "gpu", HOT + ", suppresses [a] same gpu")
            + policy("p", "on [a, c]", COOL);

    assertThat(findings(circle)).singleElement().asString().startsWith("3:").endsWith("H0506");
    assertThat(findings(circle.replace(", suppresses [a] same gpu", ""))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "heartbeat silent for 15s             | | 5:8 H0603",
        "heartbeat silent for 15s             | fence node { via bmc }, takes 3s, confirm node.fenced, timeout 10s } then { |",
        "(net.rtt >= 50ms and heartbeat alive) for 10s | |",
      })
  void aDeadNodeIsFencedBeforeItsServicesMove(
      String when, @org.jspecify.annotations.Nullable String before, String expected) {
    String migrate = "migrate service, takes 20s, confirm service.healthy for 30s, timeout 5m";

    expect(
        findings(
            BUDGET
                + fault("down", "node", "when " + when)
                + policy("p", "on down", (before == null ? "" : before) + migrate)),
        expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "48       | throttle gpu { power 450W }                | 5:8 H0610",
        "48       | throttle gpu { power 450W, undo after 2h } |",
        "48       | throttle gpu { power 450W, undo on reset } |",
        "79       | reset gpu                                  | 5:8 H0701",
        "48       | reset gpu                                  |",
        "31       | restart node                               | 5:8 H0701",
        "79       | restart node                               |",
      })
  void anXidIsAnsweredAsItsCatalogueSays(String xid, String act, String expected) {
    expect(
        findings(
            BUDGET
                + fault("x", "gpu", "when xid == " + xid)
                + policy(
                    "p", "on x", act + ", takes 1s, confirm nvml.present for 1m, timeout 10m")),
        expected);
  }

  /**
   * Of the tour's own policies: {@code jitter} is raised 15 s after it began ({@code for 10s}, a
   * sample every 1 s), and its policy promises 5 s. The remaining warnings are the import, the
   * action and the faults that only show a construct and that nothing uses, and the faults of
   * metrics that do not say {@code missing}.
   */
  @Test
  void theTourHasTheWarningsThatAreRight() {
    ImportResolver pack =
        (path, importer) -> Optional.of(new SourceFile("nvidia/xid.heal", "heal 1\n"));

    assertThat(
            Checker.check(List.of(Examples.file("tour.heal"), Examples.file("site.heal")), pack)
                .diagnostics())
        .extracting(d -> d.code() + " " + d.within())
        .containsExactly(
            "H0211 ",
            "H0504 fault `ecc_storm`",
            "H0407 fault `memory_filling`",
            "H0504 fault `memory_filling`",
            "H0504 fault `nccl_hang`",
            "H0407 fault `jitter`",
            "H0407 fault `diverged`",
            "H0504 fault `diverged`",
            "H0211 action `purge_logs`",
            "H0401 policy `ride_out_jitter`");
  }
}
