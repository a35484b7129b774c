package dev.heal.engine.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heal.dsl.check.CheckResult;
import dev.heal.dsl.check.Checker;
import dev.heal.dsl.check.ImportResolver;
import dev.heal.dsl.policy.Policy;
import dev.heal.dsl.text.SourceFile;
import dev.heal.engine.fact.EntityId;
import dev.heal.engine.fact.FaultInstance;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** {@code takes 12s learned}: what was observed replaces the estimate, within bounds. */
class LearningTest {
  private static final long SECOND = 1_000_000_000L;

  private final Learning learning = new Learning();
  private long orders;

  private static Policy.Step step(String takes) {
    String text =
        """
        heal 1
        fault crashed on service { when process exits }
        policy revive {
          on crashed, within 15m, attempts 3 over 30m
          try { restart service, takes %s, confirm service.healthy for 5s, timeout 60s }
          give up { page "oncall" }
        }
        """
            .formatted(takes);
    CheckResult result =
        Checker.check(List.of(new SourceFile("t.heal", text)), ImportResolver.NONE);
    return result.policy().orElseThrow().policies().get(0).rungs().get(0).steps().get(0);
  }

  private void runs(Policy.Step step, int times, long seconds, boolean done) {
    for (int i = 0; i < times; i++) {
      EntityId service = EntityId.service("n1", "llm");
      Order order =
          new Order(
              ++orders,
              1,
              Order.Purpose.STEP,
              new FaultInstance("crashed", service),
              "revive",
              step.act(),
              step.takes(),
              service,
              OptionalLong.empty());
      learning.started(order, 0);
      learning.ended(order, step, done, seconds * SECOND);
    }
  }

  @Test
  void theEstimateStandsUntilTwentyRunsWereDone() {
    Policy.Step step = step("12s learned");
    runs(step, 19, 5, true);
    runs(step, 50, 30, false);
    assertThat(learning.takes(step)).isEqualTo(Duration.ofSeconds(12));

    runs(step, 1, 5, true);
    assertThat(learning.takes(step)).isEqualTo(Duration.ofSeconds(5));
  }

  @Test
  void theSlowestTwentiethIsWhatCountsAndOldRunsAreForgotten() {
    Policy.Step step = step("12s learned");
    runs(step, 94, 5, true);
    runs(step, 6, 20, true);
    assertThat(learning.takes(step)).isEqualTo(Duration.ofSeconds(20));

    runs(step, 97, 5, true);
    assertThat(learning.takes(step)).isEqualTo(Duration.ofSeconds(5));
  }

  @Test
  void noMoreThanThreeTimesTheEstimateIsBelieved() {
    Policy.Step step = step("12s learned");
    runs(step, 20, 3_600, true);

    assertThat(learning.takes(step)).isEqualTo(Duration.ofSeconds(36));
  }

  @Test
  void anEstimateThatIsNotToBeLearnedStands() {
    Policy.Step step = step("12s");
    runs(step, 50, 5, true);

    assertThat(learning.takes(step)).isEqualTo(Duration.ofSeconds(12));
  }
}
