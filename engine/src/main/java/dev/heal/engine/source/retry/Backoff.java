package dev.heal.engine.source.retry;

import java.time.Duration;

/** Pauses that double with each failure in a row, from the first up to the longest. */
public record Backoff(Duration first, Duration longest) {
  private static final int MOST_DOUBLINGS = 30;

  /** From half a second to half a minute: for a server of this host that is away. */
  public static final Backoff USUAL = new Backoff(Duration.ofMillis(500), Duration.ofSeconds(30));

  public Backoff {
    if (first.isNegative() || first.isZero() || longest.compareTo(first) < 0) {
      throw new IllegalArgumentException(first + " to " + longest);
    }
  }

  /**
   * The pause after so many failures in a row.
   *
   * @param failures at least 1
   */
  public Duration after(int failures) {
    Duration pause = first.multipliedBy(1L << Math.min(failures - 1, MOST_DOUBLINGS));
    return pause.compareTo(longest) > 0 ? longest : pause;
  }
}
