package dev.heal.engine.source.log;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;

/** Turns the time stamps of logs into nanoseconds since 1970, by the given rules. */
final class LogClock {
  private static final String MONTHS = "janfebmaraprmayjunjulaugsepoctnovdec";
  private static final long SECOND = 1_000_000_000L;
  private static final long DAY = 86_400 * SECOND;
  private static final int FIRST_YEAR = 2000;

  private static final Map<String, String> ZONES =
      Map.ofEntries(
          Map.entry("WET", "+00:00"),
          Map.entry("BST", "+01:00"),
          Map.entry("WEST", "+01:00"),
          Map.entry("CET", "+01:00"),
          Map.entry("CEST", "+02:00"),
          Map.entry("EET", "+02:00"),
          Map.entry("EEST", "+03:00"),
          Map.entry("MSK", "+03:00"),
          Map.entry("IST", "+05:30"),
          Map.entry("JST", "+09:00"),
          Map.entry("KST", "+09:00"),
          Map.entry("EST", "-05:00"),
          Map.entry("EDT", "-04:00"),
          Map.entry("CST", "-06:00"),
          Map.entry("CDT", "-05:00"),
          Map.entry("MST", "-07:00"),
          Map.entry("MDT", "-06:00"),
          Map.entry("PST", "-08:00"),
          Map.entry("PDT", "-07:00"));

  private final StampRules rules;
  private OptionalLong bootedAt;
  private int year;
  private int lastMonth;

  LogClock(StampRules rules) {
    this.rules = rules;
    this.bootedAt = rules.bootedAt();
    this.year = rules.year().orElse(FIRST_YEAR);
  }

  /** {@code 12345.678901}. */
  Stamp sinceBoot(String seconds) {
    try {
      return sinceBoot(nanos(seconds));
    } catch (ArithmeticException | NumberFormatException e) {
      return Stamp.NONE;
    }
  }

  /** A count of microseconds since boot. */
  Stamp microsSinceBoot(String count) {
    try {
      return sinceBoot(Math.multiplyExact(Long.parseLong(count), 1_000L));
    } catch (ArithmeticException | NumberFormatException e) {
      return Stamp.NONE;
    }
  }

  private Stamp sinceBoot(long uptime) {
    OptionalLong wall = OptionalLong.empty();
    if (bootedAt.isPresent()) {
      wall = OptionalLong.of(Math.addExact(bootedAt.getAsLong(), uptime));
    }
    return new Stamp(wall, OptionalLong.of(uptime));
  }

  /** The log says what the wall clock was at an uptime; ignored where the boot was given. */
  void learnBoot(long wall, long uptime) {
    if (rules.bootedAt().isEmpty() && wall > uptime) {
      bootedAt = OptionalLong.of(wall - uptime);
    }
  }

  /** A count of microseconds since 1970. */
  static OptionalLong micros(String count) {
    try {
      return OptionalLong.of(Math.multiplyExact(Long.parseLong(count), 1_000L));
    } catch (ArithmeticException | NumberFormatException e) {
      return OptionalLong.empty();
    }
  }

  /** {@code 1740327858.123456}. */
  static OptionalLong seconds(String count) {
    try {
      return OptionalLong.of(nanos(count));
    } catch (ArithmeticException | NumberFormatException e) {
      return OptionalLong.empty();
    }
  }

  /** {@code Feb}, {@code 3}, {@code 16:24:18.123}. */
  OptionalLong withoutYear(String month, String day, String time) {
    return withoutYear(month(month), day, time);
  }

  /** The same with the number of the month; empty where it is none. */
  OptionalLong withoutYear(int month, String day, String time) {
    if (month < 1 || month > 12) {
      return OptionalLong.empty();
    }
    if (rules.year().isEmpty() && rules.newest().isPresent()) {
      return before(rules.newest().getAsLong(), month, day, time);
    }
    if (lastMonth == 12 && month == 1) {
      year++;
    }
    lastMonth = month;
    return at(year, month, day, time);
  }

  private static OptionalLong before(long newest, int month, String day, String time) {
    long latest = Math.addExact(newest, DAY);
    int last =
        Instant.ofEpochSecond(Math.floorDiv(latest, SECOND)).atZone(ZoneOffset.UTC).getYear();
    for (int candidate = last; candidate > last - 5; candidate--) {
      // a 29th of February needs a leap year
      OptionalLong at = at(candidate, month, day, time);
      if (at.isPresent() && at.getAsLong() <= latest) {
        return at;
      }
    }
    return OptionalLong.empty();
  }

  /** {@code 2025}, {@code Feb}, {@code 3}, {@code 16:24:18}. */
  static OptionalLong withYear(String yearText, String month, String day, String time) {
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
        if (stamp.length() - sign == 3) {
          stamp = stamp + ":00";
        } else if (stamp.length() - sign == 5) {
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

  /**
   * {@code 2025-02-23T16:24:18} and the word that {@code journalctl -o short-full} prints for the
   * zone. A word with two meanings is read as the American or European one; an unknown one as UTC.
   */
  static OptionalLong iso(String text, String zone) {
    return iso(
        text + ZONES.getOrDefault(zone, zone.matches("[+-]\\d\\d(?::?\\d\\d)?") ? zone : "Z"));
  }

  private static OptionalLong at(int year, int month, String day, String time) {
    try {
      LocalDate date = LocalDate.of(year, month, Integer.parseInt(day.strip()));
      return nanos(LocalDateTime.of(date, LocalTime.parse(time)), ZoneOffset.UTC);
    } catch (DateTimeException | ArithmeticException | NumberFormatException e) {
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
