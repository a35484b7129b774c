package dev.heal.dsl.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heal.dsl.Examples;
import dev.heal.dsl.policy.CheckedPolicy;
import dev.heal.dsl.policy.Fault;
import dev.heal.dsl.policy.Policy;
import dev.heal.dsl.text.SourceFile;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CheckerTest {
  private static final ImportResolver ONE_PACK =
      (path, importer) ->
          path.equals("nvidia/xid")
              ? Optional.of(
                  new SourceFile(
                      "nvidia/xid.heal",
                      "heal 1\nfault gsp on gpu \"GSP hangs\" {\n  when xid == 119\n  clear after 1h\n}\n"))
              : Optional.empty();

  private static List<String> findings(String text) {
    return Checker.check(List.of(new SourceFile("t.heal", text)), ONE_PACK).diagnostics().stream()
        .map(d -> d.span().line() + ":" + d.span().column() + " " + d.code())
        .toList();
  }

  @Test
  void theTourIsCheckedWithoutAnError() {
    CheckResult tour =
        Checker.check(List.of(Examples.file("tour.heal"), Examples.file("site.heal")), ONE_PACK);

    assertThat(tour.diagnostics()).noneMatch(d -> d.isError());
    CheckedPolicy policy = tour.policy().orElseThrow();
    assertThat(policy.faults()).extracting(Fault::name).contains("nv.gsp", "thermal", "diverged");
    assertThat(policy.fault("thermal").when().meaning())
        .isEqualTo("held(gpu.nvml.temperature>=88.0,PT1M)");
    assertThat(policy.fault("node_down").when().meaning())
        .isEqualTo("silent(node.heartbeat,PT15S)");
    assertThat(policy.fault("jitter").when().meaning())
        .isEqualTo("held((node.net.rtt>=0.05 and not(silent(node.heartbeat))),PT10S)");
    Policy move =
        policy.policies().stream()
            .filter(p -> p.name().equals("move_off_dead_node"))
            .findFirst()
            .orElseThrow();
    assertThat(move.within()).contains(Duration.ofSeconds(30));
    assertThat(move.rungs()).singleElement().satisfies(r -> assertThat(r.steps()).hasSize(2));
    assertThat(policy.site().services()).extracting(s -> s.name()).containsExactly("llm");
    assertThat(policy.tests()).hasSize(3);
    assertThat(policy.tests().get(2).feeds().get(0).entity()).isEqualTo("node:n1");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "when nvml.temperature >= 450W for 60s, missing freeze     | 3:28 H0303",
        "when nvml.temperature >= 88 for 60s, missing freeze       | 3:28 H0301",
        "when nvml.temperature >= 88F for 60s, missing freeze      | 3:28 H0302",
        "when nvml.utilization >= 120% for 60s, missing freeze     | 3:28 H0304",
        "when nvml.temprature >= 88C for 60s, missing freeze       | 3:8 H0203",
        "when nvml.temperature >= hot for 60s, missing freeze      | 3:28 H0214",
        "when nvml.temperature >= 88C for 1s, missing freeze       | 3:36 H0402",
        "when nvml.temperature >= 88C for 60s, missing frieze      | 3:49 H0216",
        "when nvml.temperature >= 88C for 60s, mising freeze       | 3:41 H0206",
        "when log matches `a(?=b)`, clear after 1m                 | 3:8 H0203;3:20 H0307",
        "when xid == 48 for 60s, clear after 1m                    | 3:8 H0310",
        "when xid == 48 or nvml.power >= 90W, clear after 1m       | 3:8 H0310",
        "when count(xid == 48) >= 3, missing freeze                | 3:8 H0213",
        "when anomaly(nvml.power) >= 3, missing freeze             | 3:8 H0311",
        "when nvml.present == 3, missing freeze                    | 3:8 H0305",
        "when nvml.recovery_action == rest, missing freeze         | 3:32 H0216",
        "severity high                                             | 2:1 H0213;3:12 H0216",
      })
  void aMistakeOfAFaultIsNamedOnce(String statements, String expected) {
    List<String> errors =
        Checker.check(
                List.of(
                    new SourceFile(
                        "t.heal", "heal 1\nfault f on gpu \"F\" {\n  " + statements + "\n}\n")),
                ONE_PACK)
            .diagnostics()
            .stream()
            .filter(d -> d.isError())
            .map(d -> d.span().line() + ":" + d.span().column() + " " + d.code())
            .toList();

    assertThat(errors).containsExactly(expected.split(";"));
  }

  private static String policy(String settings, String rung) {
    return """
        heal 1
        fault hot on gpu "Hot" {
          when nvml.temperature >= 88C for 60s
          clear when nvml.temperature < 80C for 5m
          missing freeze
        }
        policy p {
          on hot, %s
          try { %s }
          give up { page oncall }
        }
        """
        .formatted(settings, rung);
  }

  private static final String COOL =
      "throttle gpu { power 450W }, takes 1s, confirm nvml.temperature < 80C for 2m, timeout 10m";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "mode enforce, attempts 2 over 1h         |",
        "mode enforce                             | 7:1 H0608",
        "within 500ms                             | 7:1 H0405",
        "priority 101                             | 8:20 H0304",
        "budget nothing                           | 8:18 H0202",
        "mode enforced, attempts 2 over 1h        | 8:16 H0216",
        "cooldown 5m                              | 8:11 H0305",
      })
  void theSettingsOfAPolicyAreChecked(String settings, String expected) {
    List<String> found = findings(policy(settings, COOL));
    if (expected == null) {
      assertThat(found).isEmpty();
    } else {
      assertThat(found).containsExactly(expected);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "throttle gpu { power 450W }, takes 1s                                      | 9:9 H0606",
        "trottle gpu, takes 1s, confirm nvml.temperature < 80C, timeout 1m          | 9:9 H0204",
        "throttle job, takes 1s, confirm nvml.temperature < 80C, timeout 1m         | 9:18 H0205",
        "throttle gpu { pwer 450W }, confirm nvml.temperature < 80C, timeout 1m     | 9:24 H0206",
        "throttle gpu, confirm nvml.temperature < 80C for 2m, timeout 1m            | 9:31 H0403",
        "reset gpu, confirm nvml.present, timeout 1m                                | 9:9 H0604",
        "throttle gpu, confirm nvml.present, repeat 2 backoff 2m..15s               | 9:62 H0404",
      })
  void theStepsOfAPolicyAreChecked(String rung, String expected) {
    assertThat(findings(policy("mode observe", rung))).containsExactly(expected);
  }

  @Test
  void anUnreadableDeclarationBringsNoSecondMessage() {
    String text = policy("mode observe", COOL).replace("fault hot", "falt hot");

    assertThat(findings(text)).containsExactly("2:1 H0108");
  }

  @Test
  void aMissingImportBringsNoSecondMessage() {
    String text =
        policy("mode observe", COOL)
            .replace("heal 1\n", "heal 1\nimport \"nvidia/nothing\" as nv\n")
            .replace("on hot", "on nv.hot")
            .replace("fault hot", "fault cold");

    assertThat(findings(text)).containsExactly("2:8 H0207");
  }

  @Test
  void aNameDeclaredTwiceShowsBothPlaces() {
    CheckResult result =
        Checker.check(
            List.of(new SourceFile("t.heal", "heal 1\nlet a = 3\nlet a = 4\n")), ONE_PACK);

    assertThat(result.diagnostics())
        .singleElement()
        .satisfies(
            d -> {
              assertThat(d.code()).isEqualTo("H0209");
              assertThat(d.span().line()).isEqualTo(3);
              assertThat(d.related().get(0).span().line()).isEqualTo(2);
            });
  }
}
