package dev.heal.engine.decide;

import java.time.Duration;
import java.time.Instant;

/** Spans and moments as operators write them. */
public final class Times {
  /** Later than everything. */
  public static final long NEVER = Long.MAX_VALUE;

  private Times() {}

  /** {@code at + span}, or {@link #NEVER}. */
  public static long after(long at, Duration span) {
    try {
      return Math.addExact(at, span.toNanos());
    } catch (ArithmeticException tooLate) {
      return NEVER;
    }
  }

  /** {@code 1h30m}, {@code 12s}, {@code 250ms}; {@code 0s} for nothing or less. */
  public static String words(long nanos) {
    if (nanos <= 0) {
      return "0s";
    }
    long millis = nanos / 1_000_000;
    StringBuilder text = new StringBuilder();
    millis = part(text, millis, 86_400_000L, "d");
    millis = part(text, millis, 3_600_000L, "h");
    millis = part(text, millis, 60_000L, "m");
    millis = part(text, millis, 1_000L, "s");
    part(text, millis, 1L, "ms");
    return text.isEmpty() ? "under 1ms" : text.toString();
  }

  public static String words(Duration span) {
    return words(span.toNanos());
  }

  private static long part(StringBuilder text, long millis, long unit, String word) {
    if (millis >= unit) {
      text.append(millis / unit).append(word);
    }
    return millis % unit;
  }

  /** ISO-8601 in UTC with milliseconds, {@code 2026-01-05T00:01:15.000Z}. */
  public static String iso(long at) {
    Instant instant = Instant.ofEpochSecond(Math.floorDiv(at, 1_000_000_000L));
    long nanos = Math.floorMod(at, 1_000_000_000L);
    String seconds = instant.toString();
    return "%s.%03dZ".formatted(seconds.substring(0, seconds.length() - 1), nanos / 1_000_000);
  }
}
