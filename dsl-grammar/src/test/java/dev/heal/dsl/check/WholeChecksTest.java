package dev.heal.dsl.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heal.dsl.policy.Budget;
import dev.heal.dsl.policy.CheckedPolicy;
import dev.heal.dsl.policy.Fault;
import dev.heal.dsl.policy.Policy;
import dev.heal.dsl.text.SourceFile;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What can never be, what contradicts, and what the records of a policy carry. */
class WholeChecksTest {
  private static final String CORDON =
      "try { cordon node, takes 1s, confirm node.cordoned, timeout 1m }\n give up { page oncall }";

  private static List<String> codes(String text) {
    return Checker.check(List.of(new SourceFile("t.heal", "heal 1\n" + text)), ImportResolver.NONE)
        .diagnostics()
        .stream()
        .map(d -> d.code())
        .toList();
  }

  private static void expect(String text, @Nullable String code) {
    assertThat(codes(text)).isEqualTo(code == null ? List.of() : List.of(code));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "gpu  | (nvml.present and not nvml.present) for 60s                               | H0501",
        "gpu  | (nvml.present and not nvml.remap_failed) for 60s                          |",
        "gpu  | nvml.recovery_action == reset and nvml.recovery_action == reboot          | H0501",
        "gpu  | nvml.recovery_action == reset or nvml.recovery_action == reboot           |",
        "gpu  | nvml.recovery_action in [reset, reboot] and nvml.recovery_action != reset |",
        "gpu  | (nvml.utilization > 100% and idle) for 60s                                | H0501",
        "gpu  | (nvml.utilization >= 100% and idle) for 60s                               |",
        "gpu  | xid == 79 and xid == 48                                                   | H0501",
        "gpu  | xid in [79, 48] and xid != 48                                             |",
        "gpu  | xid == 79 and sxid == 11004                                               | H0501",
        "gpu  | xid == 79 and nvml.present                                                |",
        "gpu  | count(xid == 48) < 0 over 10m                                             | H0501",
        "node | (heartbeat silent for 60s and not (heartbeat silent for 15s))     | H0501",
        "node | (heartbeat silent for 15s and not (heartbeat silent for 60s))     |",
        "node | node.pool == \"a\" and node.pool == \"b\" and (heartbeat silent for 15s)  | H0501",
        "gpu  | ((nvml.present or idle) and not nvml.present and not idle) for 60s        | H0501",
        "gpu  | ((nvml.present or idle) and not nvml.present) for 60s                     |",
      })
  void whatCanNeverBeTrueIsNamed(String kind, String when, @Nullable String code) {
    String more = when.contains("utilization") ? "\n missing freeze" : "";

    expect(
        "fault f on %s \"F\" {\n when %s%s\n}\npolicy p {\n on f\n %s\n}\n"
            .formatted(kind, when, more, CORDON),
        code);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "node.cordoned                | cordon node  | node.cordoned        | H0507",
        "not node.schedulable         | cordon node  | node.cordoned        | H0507",
        "node.fenced                  | cordon node  | node.cordoned        |",
        "not node.cordoned            | cordon node  | node.cordoned        |",
        "gpu_reset                    | reset gpu    | nvml.present         | H0507",
        "count(gpu_reset) >= 2 over 1h | reset gpu   | nvml.present         | H0507",
        "xid == 119                   | reset gpu    | nvml.present         |",
        "nvml.sm_clock < 500MHz for 60s | throttle gpu { clocks 900MHz, undo after 1h } | nvml.present | H0507",
        "nvml.sm_clock > 500MHz for 60s | throttle gpu { clocks 900MHz, undo after 1h } | nvml.present |",
      })
  void anActDoesNotRaiseItsOwnFault(
      String when, String act, String confirm, @Nullable String code) {
    String more = when.contains("sm_clock") ? "\n missing freeze" : "";

    expect(
        ("budget b { limit 1 node over 1h }\nfault f on gpu \"F\" {\n when %s%s\n}\n"
                + "policy p {\n on f, budget b\n try { %s, takes 1s, confirm %s, timeout 1m }\n"
                + " give up { page oncall }\n}\n")
            .formatted(when, more, act, confirm),
        code);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "xid == 13                        | restart node    | H0701",
        "xid in [13, 31]                  | reset gpu       | H0701",
        "xid == 94                        | reset gpu       | H0701",
        "xid == 63                        | reset gpu       | H0701",
        "xid in [13, 119]                 | reset gpu       |",
        "xid != 13                        | reset gpu       |",
        "count(xid == 31) >= 5 over 1h    | reset gpu       |",
        "count(xid == 79) >= 2 over 1d    | reset gpu       | H0701",
        "xid in [79, 119]                 | reset gpu       | H0701",
        "xid == 31                        | restart service |",
      })
  void theCatalogueIsNotContradicted(String when, String act, @Nullable String code) {
    expect(
        ("budget b { limit 1 node over 1h }\nfault f on gpu \"F\" {\n when %s\n}\n"
                + "policy p {\n on f, budget b\n try { %s, takes 1s, confirm nvml.present, timeout 1m }\n"
                + " give up { page oncall }\n}\n")
            .formatted(when, act),
        code);
  }

  /** Both act, on different faults of a service, and would take it away in two ways. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "enforce | 50 | migrate service | H0505",
        "enforce | 51 | migrate service |",
        "observe | 50 | migrate service |",
        "enforce | 50 | restart service |",
        "enforce | 50 | reconnect service |",
      })
  void twoRepairsOfOneEntityAreNotEqual(
      String mode, int priority, String act, @Nullable String code) {
    expect(
        ("budget b { limit 1 node over 1h }\n"
                + "fault died on service \"D\" { when process exits }\n"
                + "fault sick on service \"S\" { when (not healthy) for 30s }\n"
                + "policy p { on died, budget b, mode enforce, attempts 1 over 1h\n"
                + " try { restart service, takes 1s, confirm healthy, timeout 1m }\n give up { page x } }\n"
                + "policy q { on sick, budget b, mode %s, attempts 1 over 1h, priority %d\n"
                + " try { %s, takes 1s, confirm healthy, timeout 1m }\n give up { page x } }\n")
            .formatted(mode, priority, act),
        code);
  }

  @Test
  void aChainOfSuppressionsAsLongAsAFileIsNoCircleAndNoStackOverflow() {
    String chain =
        IntStream.range(0, 5_000)
            .mapToObj(
                i ->
                    "fault f%d on gpu \"F\" { when xid == 119, clear after 1h%s }\n"
                        .formatted(i, i == 0 ? "" : ", suppresses [f%d] same gpu".formatted(i - 1)))
            .collect(Collectors.joining());

    assertThat(codes(chain)).containsExactly("H0504");
  }

  /** Another module reads these from the records, so each is there as it was written. */
  @Test
  void theRecordsCarryWhatWasWritten() {
    String text =
        """
        heal 1
        let pager = "oncall-gpu"
        let slow = 12s
        budget b { limit 1 node over 1h, exceeded skip, exceeded page pager }
        breaker storm { trip 50% of gpus over 5m, page pager }
        action purge on node "P" { command ["/bin/true"], takes 30s }
        fault root on gpu "R" {
          when xid == 79
          suppresses [f] same gpu within 15m
          settle 3s
          cured when nvml.present for 5m
        }
        fault f on gpu "F" { when xid == 48 }
        policy p {
          on [root, f], within 2m, mode approve, expires 2h, soak 30m, budget b
          try { throttle gpu { power 450W, undo on reset }, takes slow learned, confirm nvml.present, timeout 1m }
          then { purge, confirm node.healthy, timeout 1m }
          give up { page pager }
        }
        """;
    CheckedPolicy whole =
        Checker.check(List.of(new SourceFile("t.heal", text)), ImportResolver.NONE)
            .policy()
            .orElseThrow();
    Budget budget = whole.budgets().get(0);
    Fault root = whole.fault("root");
    Policy policy = whole.policies().get(0);
    Policy.Step throttle = policy.rungs().get(0).steps().get(0);
    Policy.Step purge = policy.rungs().get(0).steps().get(1);

    assertThat(budget.exceeded()).isEqualTo(Budget.Exceeded.SKIP);
    assertThat(budget.pager()).contains("oncall-gpu");
    assertThat(whole.breakers().get(0).pager()).contains("oncall-gpu");
    assertThat(root.settle()).isEqualTo(Duration.ofSeconds(3));
    assertThat(root.cured().orElseThrow().meaning()).isEqualTo("held(flag(gpu.nvml.present),PT5M)");
    assertThat(root.suppresses().get(0).within()).contains(Duration.ofMinutes(15));
    assertThat(policy.mode()).isEqualTo(Policy.Mode.APPROVE);
    assertThat(policy.expires()).isEqualTo(Duration.ofHours(2));
    assertThat(policy.soak()).contains(Duration.ofMinutes(30));
    assertThat(throttle.takes()).isEqualTo(Duration.ofSeconds(12));
    assertThat(throttle.learned()).isTrue();
    assertThat(throttle.act().undoOnReset()).isTrue();
    assertThat(purge.takes()).isEqualTo(Duration.ofSeconds(30));
    assertThat(purge.act().destructive()).isTrue();
    assertThat(policy.giveUp().get(0).object()).contains("oncall-gpu");
  }
}
