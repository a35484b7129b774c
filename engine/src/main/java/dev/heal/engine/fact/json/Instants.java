package dev.heal.engine.fact.json;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.OptionalLong;

/**
 * The two ways to write a time: ISO-8601 with an offset, or seconds since 1970. Remembers the last
 * second in ISO-8601, since most facts share it with the one before.
 */
final class Instants {
  /** {@code 2026-01-02T03:04:05}. */
  private static final int SECOND_LENGTH = 19;

  private static final int MOST_FRACTION_DIGITS = 9;
  private static final int MOST_SECOND_DIGITS = 12;
  private static final long NANOS = 1_000_000_000L;

  /** The start of 2262: the last year that a number of nanoseconds reaches does not fit whole. */
  private static final long END = 9_214_646_400L * NANOS;

  private final char[] lastSecond = new char[SECOND_LENGTH];
  private long lastSecondAt;

  /** Nanoseconds since 1970; empty where it is no time of the years 1970 to 2261. */
  OptionalLong read(char[] text, int from, int length) {
    if (length > SECOND_LENGTH && isLastSecond(text, from)) {
      long fraction = fraction(text, from + SECOND_LENGTH, from + length);
      if (fraction >= 0) {
        return OptionalLong.of(lastSecondAt + fraction);
      }
    }
    OptionalLong found = parse(new String(text, from, length));
    if (found.isPresent() && (found.getAsLong() < 0 || found.getAsLong() >= END)) {
      return OptionalLong.empty(); // a clock that was never set, or a unit that was mistaken
    }
    if (found.isPresent() && length > SECOND_LENGTH && text[from + length - 1] == 'Z') {
      System.arraycopy(text, from, lastSecond, 0, SECOND_LENGTH);
      lastSecondAt = Math.floorDiv(found.getAsLong(), NANOS) * NANOS;
    }
    return found;
  }

  private boolean isLastSecond(char[] text, int from) {
    for (int i = SECOND_LENGTH - 1; i >= 0; i--) {
      if (text[from + i] != lastSecond[i]) {
        return false;
      }
    }
    return true;
  }

  /** The nanoseconds of {@code .678Z} or {@code Z}; -1 where it is anything else. */
  private static long fraction(char[] text, int from, int to) {
    if (text[to - 1] != 'Z') {
      return -1;
    }
    int digits = to - 1 - from - 1;
    if (digits < 0) {
      return 0;
    }
    if (text[from] != '.' || digits == 0 || digits > MOST_FRACTION_DIGITS) {
      return -1;
    }
    long nanos = 0;
    for (int i = from + 1; i < to - 1; i++) {
      int digit = text[i] - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      nanos = nanos * 10 + digit;
    }
    for (int i = digits; i < MOST_FRACTION_DIGITS; i++) {
      nanos *= 10;
    }
    return nanos;
  }

  private static OptionalLong parse(String text) {
    try {
      if (text.indexOf(':') < 0) {
        BigDecimal seconds = new BigDecimal(text);
        if (seconds.precision() - (long) seconds.scale() > MOST_SECOND_DIGITS) {
          return OptionalLong.empty(); // `1e999999999` would be written out
        }
        return OptionalLong.of(
            seconds
                .movePointRight(MOST_FRACTION_DIGITS)
                .setScale(0, RoundingMode.HALF_UP)
                .longValueExact());
      }
      Instant instant = OffsetDateTime.parse(text).toInstant();
      return OptionalLong.of(
          Math.addExact(Math.multiplyExact(instant.getEpochSecond(), NANOS), instant.getNano()));
    } catch (DateTimeException | ArithmeticException | NumberFormatException malformed) {
      return OptionalLong.empty();
    }
  }
}
