package dev.heal.engine.source.log;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * Turns the time stamps of logs into nanoseconds since 1970. Rules for what a stamp leaves out:
 *
 * <ul>
 *   <li>no zone: UTC;
 *   <li>no year (RFC 3164): the given year, 2000 where none is given; one later each time that the
 *       months fall from December to January;
 *   <li>seconds since boot: added to the given time of boot; without one such a line has no time.
 * </ul>
 */
final class LogClock {
  private static final String MONTHS = "janfebmaraprmayjunjulaugsepoctnovdec";
  private static final long SECOND = 1_000_000_000L;

  private final OptionalLong bootedAt;
  private int year;
  private int lastMonth;

  LogClock(OptionalLong bootedAt, OptionalInt year) {
    this.bootedAt = bootedAt;
    this.year = year.orElse(2000);
  }

  /** {@code 12345.678901}. */
  OptionalLong sinceBoot(String seconds) {
    if (bootedAt.isEmpty()) {
      return OptionalLong.empty();
    }
    try {
      return OptionalLong.of(Math.addExact(bootedAt.getAsLong(), nanos(seconds)));
    } catch (ArithmeticException | NumberFormatException e) {
      return OptionalLong.empty();
    }
  }

  /** A count of microseconds since boot, or since 1970 where {@code wall}. */
  OptionalLong micros(String count, boolean wall) {
    try {
      long nanos = Math.multiplyExact(Long.parseLong(count), 1_000L);
      if (wall) {
        return OptionalLong.of(nanos);
      }
      return bootedAt.isEmpty()
          ? OptionalLong.empty()
          : OptionalLong.of(Math.addExact(bootedAt.getAsLong(), nanos));
    } catch (ArithmeticException | NumberFormatException e) {
      return OptionalLong.empty();
    }
  }

  /** {@code Feb}, {@code 3}, {@code 16:24:18.123}; the running year. */
  OptionalLong withoutYear(String month, String day, String time) {
    int number = month(month);
    if (number == 0) {
      return OptionalLong.empty();
    }
    if (lastMonth == 12 && number == 1) {
      year++;
    }
    lastMonth = number;
    return at(year, number, day, time);
  }

  /** {@code 2025}, {@code Feb}, {@code 3}, {@code 16:24:18}. */
  OptionalLong withYear(String yearText, String month, String day, String time) {
    int number = month(month);
    return number == 0 ? OptionalLong.empty() : at(Integer.parseInt(yearText), number, day, time);
  }

  /** {@code 2025-02-23T16:24:18.123456+01:00}, with {@code T} or a space, zone optional. */
  static OptionalLong iso(String text) {
    String stamp = text.replace(' ', 'T').replace(',', '.');
    try {
      if (stamp.endsWith("Z")) {
        return nanos(LocalDateTime.parse(stamp.substring(0, stamp.length() - 1)), ZoneOffset.UTC);
      }
      int sign = Math.max(stamp.lastIndexOf('+'), stamp.lastIndexOf('-'));
      if (sign > 10) {
        if (stamp.indexOf(':', sign) < 0 && stamp.length() - sign == 5) {
          stamp = stamp.substring(0, sign + 3) + ":" + stamp.substring(sign + 3);
        }
        OffsetDateTime at = OffsetDateTime.parse(stamp);
        return nanos(at.toLocalDateTime(), at.getOffset());
      }
      return nanos(LocalDateTime.parse(stamp), ZoneOffset.UTC);
    } catch (DateTimeException | ArithmeticException e) {
      return OptionalLong.empty();
    }
  }

  private static OptionalLong at(int year, int month, String day, String time) {
    try {
      String date =
          String.format(Locale.ROOT, "%04d-%02d-%02d", year, month, Integer.parseInt(day));
      return nanos(LocalDateTime.parse(date + "T" + time), ZoneOffset.UTC);
    } catch (DateTimeException | ArithmeticException e) {
      return OptionalLong.empty();
    }
  }

  private static OptionalLong nanos(LocalDateTime at, ZoneOffset zone) {
    Instant instant = at.toInstant(zone);
    return OptionalLong.of(
        Math.addExact(Math.multiplyExact(instant.getEpochSecond(), SECOND), instant.getNano()));
  }

  private static long nanos(String seconds) {
    int point = seconds.indexOf('.');
    if (point < 0) {
      return Math.multiplyExact(Long.parseLong(seconds), SECOND);
    }
    String fraction = (seconds.substring(point + 1) + "000000000").substring(0, 9);
    return Math.addExact(
        Math.multiplyExact(Long.parseLong(seconds.substring(0, point)), SECOND),
        Long.parseLong(fraction));
  }

  private static int month(String name) {
    int at = MONTHS.indexOf(name.toLowerCase(Locale.ROOT));
    return at >= 0 && at % 3 == 0 && name.length() == 3 ? at / 3 + 1 : 0;
  }
}
