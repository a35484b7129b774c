package dev.heal.engine.source.log;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * The forms of the kernel's ring buffer: dmesg with seconds, wall clock, ISO times or levels, and
 * the records of {@code /dev/kmsg}.
 */
final class KernelFrame {
  private static final Pattern SECONDS =
      Pattern.compile("^\\[ *(\\d+\\.\\d+)\\](?: *\\[ *[TC]\\d+\\])? ?");
  private static final Pattern WALL =
      Pattern.compile(
          "^\\[\\w{3} (\\w{3}) +(\\d{1,2}) (\\d\\d:\\d\\d:\\d\\d(?:\\.\\d+)?) (\\d{4})\\]"
              + "(?: *\\[ *[TC]\\d+\\])? ?");
  private static final Pattern DELTA = Pattern.compile("^\\[ *(\\d+\\.\\d+) < *\\d+\\.\\d+>\\] ?");
  private static final Pattern ISO =
      Pattern.compile(
          "^\\[?(\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d,\\d{6}[+-]\\d\\d:?\\d\\d)\\]?"
              + "(?: *\\[ *[TC]\\d+\\])? ?");
  private static final Pattern LEVELS =
      Pattern.compile("^([a-z0-9]+) *: ?([a-z]+) *: ?(?:(\\[)|\\d{4}-)");
  private static final Pattern KMSG = Pattern.compile("^(\\d{1,4}),\\d+,(\\d+),[^;]*;");
  private static final List<String> LEVEL_NAMES =
      List.of("emerg", "alert", "crit", "err", "warn", "notice", "info", "debug");

  private final LogClock clock;

  KernelFrame(LogClock clock) {
    this.clock = clock;
  }

  /** {@code [ 12.345] …}, {@code [Sun Feb 23 16:24:18 2025] …}. */
  Optional<LogLine> bracket(long number, OptionalInt priority, String text) {
    Matcher seconds = SECONDS.matcher(text);
    if (seconds.find()) {
      return line(number, clock.sinceBoot(seconds.group(1)), priority, rest(text, seconds));
    }
    Matcher wall = WALL.matcher(text);
    if (wall.find()) {
      OptionalLong at =
          LogClock.withYear(wall.group(4), wall.group(1), wall.group(2), wall.group(3));
      return line(number, Stamp.wall(at), priority, rest(text, wall));
    }
    Matcher delta = DELTA.matcher(text);
    if (delta.find()) {
      return line(number, clock.sinceBoot(delta.group(1)), priority, rest(text, delta));
    }
    return iso(number, priority, text);
  }

  /** {@code 2025-02-23T16:24:18,123456+00:00 …}: only dmesg writes the comma and six digits. */
  Optional<LogLine> iso(long number, OptionalInt priority, String text) {
    Matcher iso = ISO.matcher(text);
    return iso.find()
        ? line(number, Stamp.wall(LogClock.iso(iso.group(1))), priority, rest(text, iso))
        : Optional.empty();
  }

  /** {@code kern :err : [ 12.3] …}, as {@code dmesg -x} writes it. */
  Optional<LogLine> levels(long number, String text) {
    Matcher levels = LEVELS.matcher(text);
    if (!levels.find()) {
      return Optional.empty();
    }
    int level = LEVEL_NAMES.indexOf(levels.group(2));
    return level < 0
        ? Optional.empty()
        : bracket(
            number,
            OptionalInt.of(level),
            text.substring(text.indexOf(':', text.indexOf(':') + 1) + 1).strip());
  }

  /** {@code 6,1234,5678901,-;…}. */
  Optional<LogLine> kmsg(long number, String text) {
    Matcher kmsg = KMSG.matcher(text);
    if (!kmsg.find()) {
      return Optional.empty();
    }
    OptionalInt priority = OptionalInt.of(Integer.parseInt(kmsg.group(1)) & 7);
    return line(
        number, clock.microsSinceBoot(kmsg.group(2)), priority, unescaped(rest(text, kmsg)));
  }

  /** What follows the frame: patterns end there, because every further character costs. */
  static String rest(String text, Matcher frame) {
    return text.substring(frame.end());
  }

  private static Optional<LogLine> line(
      long number, Stamp stamp, OptionalInt priority, String message) {
    return Optional.of(new LogLine(number, stamp, Origin.kernel(priority), message));
  }

  /** A kernel line inside syslog often keeps its own stamp. */
  Optional<LogLine> withoutOwnStamp(LogLine line) {
    Matcher own = SECONDS.matcher(line.message());
    if (!own.find()) {
      return Optional.empty();
    }
    Stamp since = clock.sinceBoot(own.group(1));
    Stamp both = line.stamp().wall().isPresent() ? line.stamp() : since;
    return Optional.of(
        line.with(new Stamp(both.wall(), since.uptime()), rest(line.message(), own)));
  }

  /** {@code /dev/kmsg} writes unprintable bytes as {@code \x0a}. */
  private static String unescaped(String text) {
    if (!text.contains("\\x")) {
      return text;
    }
    StringBuilder plain = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      if (text.startsWith("\\x", i) && i + 4 <= text.length()) {
        int high = Character.digit(text.charAt(i + 2), 16);
        int low = Character.digit(text.charAt(i + 3), 16);
        if (high >= 0 && low >= 0) {
          int value = high * 16 + low;
          plain.append(value < 0x80 ? (char) value : '\uFFFD');
          i += 3;
          continue;
        }
      }
      plain.append(text.charAt(i));
    }
    return plain.toString().stripTrailing();
  }
}
