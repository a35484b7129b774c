package dev.heal.nvml.session;

import java.time.Duration;

/** When to try again: 1 s after the first failure, then twice as long each time, up to 30 s. */
final class Backoff {
  private static final Duration FIRST = Duration.ofSeconds(1);
  private static final Duration LONGEST = Duration.ofSeconds(30);

  private Duration next = FIRST;
  private long retryAt;

  /** {@code now} is in nanoseconds of a clock that never jumps. */
  boolean isDue(long now) {
    return now - retryAt >= 0;
  }

  void failed(long now) {
    retryAt = now + next.toNanos();
    Duration twice = next.multipliedBy(2);
    next = twice.compareTo(LONGEST) > 0 ? LONGEST : twice;
  }

  void succeeded(long now) {
    next = FIRST;
    retryAt = now;
  }
}
