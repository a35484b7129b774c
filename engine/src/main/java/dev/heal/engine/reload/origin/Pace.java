package dev.heal.engine.reload.origin;

import dev.heal.engine.reload.bundle.Digest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.DoubleSupplier;

/**
 * How long to wait before the configuration centre is asked again: steadily while it answers, and
 * ever longer while it does not. The jitter keeps a fleet from asking at once.
 *
 * @param every while it answers; spread by a tenth
 * @param firstRetry after the first failure; doubled with each further one
 * @param longestRetry at most
 * @param jitter from 0 up to 1, another each time
 */
public record Pace(
    Duration every, Duration firstRetry, Duration longestRetry, DoubleSupplier jitter) {
  private static final int MOST_DOUBLINGS = 30;
  private static final double TENTH = 0.1;

  public Pace {
    if (every.isNegative() || every.isZero() || firstRetry.compareTo(longestRetry) > 0) {
      throw new IllegalArgumentException("every " + every + ", retry from " + firstRetry);
    }
  }

  /** Every 30 s; retries from 5 s up to 5 min. */
  public static Pace usual(DoubleSupplier jitter) {
    return new Pace(Duration.ofSeconds(30), Duration.ofSeconds(5), Duration.ofMinutes(5), jitter);
  }

  /** A jitter of a host's own, the same at each run: of its name, counted up. */
  public static DoubleSupplier jitterOf(String host) {
    AtomicLong count = new AtomicLong();
    return () -> {
      String text = host + " " + count.getAndIncrement();
      String digits = Digest.of(text.getBytes(StandardCharsets.UTF_8)).hex().substring(0, 12);
      return Long.parseLong(digits, 16) / (double) (1L << 48);
    };
  }

  Duration afterAnswer() {
    return scaled(every, 1 - TENTH + 2 * TENTH * jitter.getAsDouble());
  }

  /**
   * @param failures in a row, from 1
   * @param retryAfter seconds that the server asked for
   */
  Duration afterFailure(int failures, OptionalLong retryAfter) {
    Duration longest = firstRetry;
    for (int i = 1; i < Math.min(failures, MOST_DOUBLINGS); i++) {
      longest = longest.multipliedBy(2);
      if (longest.compareTo(longestRetry) >= 0) {
        longest = longestRetry;
        break;
      }
    }
    Duration own = scaled(longest, (1 + jitter.getAsDouble()) / 2);
    Duration asked = Duration.ofSeconds(retryAfter.orElse(0));
    return asked.compareTo(own) > 0 ? asked : own;
  }

  private static Duration scaled(Duration span, double factor) {
    return Duration.ofMillis(Math.round(span.toMillis() * factor));
  }
}
