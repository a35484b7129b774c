package dev.heal.dsl.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heal.dsl.check.CheckResult;
import dev.heal.dsl.check.Checker;
import dev.heal.dsl.check.ImportResolver;
import dev.heal.dsl.text.SourceFile;
import dev.heal.dsl.vocabulary.Dimension;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Conditions in messages read as they are written. */
class WordingTest {
  private static Condition when(String kind, String condition) {
    String text = "heal 1\nfault f on %s { when %s\n clear after 1h }\n";
    SourceFile file = new SourceFile("t.heal", text.formatted(kind, condition));
    CheckResult result = Checker.check(List.of(file), ImportResolver.NONE);
    // a level with `clear after` is refused, an event without is too: take what fits
    if (result.policy().isEmpty()) {
      file =
          new SourceFile("t.heal", text.replace("clear after 1h", "").formatted(kind, condition));
      result = Checker.check(List.of(file), ImportResolver.NONE);
    }
    assertThat(result.policy()).as(result.diagnostics().toString()).isPresent();
    return result.policy().orElseThrow().fault("f").when();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "xid == 79",
        "xid in [48, 94, 95]",
        "count(xid in [48, 94, 95]) >= 3 over 10m",
        "nvml.temperature >= 88C for 60s",
        "avg(nvml.power) > 450W over 5m",
        "forecast(nvml.memory_used, 60s) >= 98%",
        "(nvml.temperature >= 88C and nvml.power < 100W) for 90s",
        "node.net.rtt >= 50ms for 10s",
        "nvml.throttle_reasons contains \"hw_thermal\" for 30s",
      })
  void onAGpu(String condition) {
    assertThat(Wording.of(when("gpu", condition))).isEqualTo(condition);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "heartbeat silent for 15s",
        "(net.rtt >= 50ms and heartbeat alive) for 10s",
        "rate(net.loss) >= 5% over 1m30s",
      })
  void onANode(String condition) {
    assertThat(Wording.of(when("node", condition))).isEqualTo(condition.replace("1m30s", "90s"));
  }

  @Test
  void exitsLogsAndNan() {
    assertThat(Wording.of(when("service", "process exits with signal in [SIGSEGV, SIGABRT]")))
        .isEqualTo("process exits with signal in [SIGABRT, SIGSEGV]");
    assertThat(Wording.of(when("service", "log matches `CUDA|OOM`")))
        .isEqualTo("log matches CUDA|OOM");
    assertThat(Wording.of(when("job", "train.loss is nan or ratio(train.loss, 50 samples) >= 5")))
        .isEqualTo("train.loss is nan or ratio(train.loss, 50 samples) >= 5");
  }

  @Test
  void quantitiesHaveAUnitThatAPersonWouldChoose() {
    assertThat(Wording.value(Dimension.BYTES, 16.0 * (1L << 30))).isEqualTo("16GiB");
    assertThat(Wording.value(Dimension.TIME, 0.05)).isEqualTo("50ms");
    assertThat(Wording.value(Dimension.RATIO, 0.985)).isEqualTo("98.5%");
    assertThat(Wording.value(Dimension.FREQUENCY, 1_410_000_000)).isEqualTo("1410MHz");
    assertThat(Wording.value(Dimension.NUMBER, Double.NaN)).isEqualTo("nan");
    assertThat(Wording.span(Duration.ofMinutes(90))).isEqualTo("1h30m");
    assertThat(Wording.span(Duration.ofMillis(1500))).isEqualTo("1.5s");
  }
}
