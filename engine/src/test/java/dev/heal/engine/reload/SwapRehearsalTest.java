package dev.heal.engine.reload;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** A rehearsal goes all the way, and ends. */
class SwapRehearsalTest {
  @Test
  void itEndsWithItsTime() {
    AtomicLong clock = new AtomicLong();
    Duration each = Duration.ofMillis(1);

    SwapRehearsal.Done done =
        SwapRehearsal.run(Duration.ofMillis(100), () -> clock.addAndGet(each.toNanos()));

    assertThat(done.passages()).isBetween(5, 100);
    assertThat(done.took()).isGreaterThanOrEqualTo(Duration.ofMillis(100));
  }
}
