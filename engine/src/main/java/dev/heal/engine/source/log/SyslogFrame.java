package dev.heal.engine.source.log;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/** Syslog (RFC 3164, RFC 5424, rsyslog with ISO times) and the short forms of journalctl. */
final class SyslogFrame {
  private static final String TIME = "\\d\\d:\\d\\d:\\d\\d(?:[.,]\\d{1,9})?";
  private static final String TAGGED =
      "(?:([a-z0-9]+)\\.([a-z]+) )?([^\\s:\\[\\]]+)(?:\\[[^\\]]*\\])?: ?";
  private static final String HOST = "([^\\s\\[]*[^\\s:\\[\\]])";

  private static final Pattern RFC3164 =
      Pattern.compile(
          "^(\\w{3}) +(\\d{1,2}) (?:(\\d{4}) )?(" + TIME + ") (?:" + HOST + " )?" + TAGGED);
  private static final Pattern RFC5424 =
      Pattern.compile("^1 (\\S+) (\\S+) (\\S+) \\S+ \\S+ (?:-|(?:\\[(?:[^\\]\\\\]|\\\\.)*\\])+) ?");
  private static final Pattern ISO =
      Pattern.compile(
          "^(\\d{4}-\\d\\d-\\d\\d[T ]"
              + TIME
              + "(?:Z|[+-]\\d\\d:?\\d\\d)?) "
              + HOST
              + " "
              + TAGGED);
  private static final Pattern FULL =
      Pattern.compile("^\\w{3} (\\d{4}-\\d\\d-\\d\\d " + TIME + ") (\\S+) " + HOST + " " + TAGGED);
  private static final Pattern UNIX =
      Pattern.compile("^(\\d{9,11}\\.\\d{6}) " + HOST + " " + TAGGED);
  private static final Pattern MONOTONIC =
      Pattern.compile("^\\[ *(\\d+\\.\\d+)\\] " + HOST + " " + TAGGED);
  private static final List<String> LEVELS =
      List.of("emerg", "alert", "crit", "err", "warning", "notice", "info", "debug");
  private static final Set<String> NO_HOSTS =
      Set.of("trace", "debug", "info", "notice", "warn", "warning", "error", "critical", "fatal");

  /** A line and what its {@code <N>} said. */
  record Start(long number, OptionalInt priority, String text) {}

  private final LogClock clock;

  SyslogFrame(LogClock clock) {
    this.clock = clock;
  }

  /** {@code Feb 23 16:24:18 n1 kernel: …}, a host is not required. */
  Optional<LogLine> rfc3164(Start start) {
    Matcher old = RFC3164.matcher(start.text());
    if (!old.find()) {
      return Optional.empty();
    }
    String time = old.group(4).replace(',', '.');
    OptionalLong at =
        old.group(3) == null
            ? clock.withoutYear(old.group(1), old.group(2), time)
            : LogClock.withYear(old.group(3), old.group(1), old.group(2), time);
    return tagged(start, Stamp.wall(at), old, 5);
  }

  /** What follows the priority: {@code 1 2025-02-23T16:24:18Z n1 kernel - - - …}. */
  Optional<LogLine> rfc5424(Start start) {
    Matcher line = RFC5424.matcher(start.text());
    if (!line.find()) {
      return Optional.empty();
    }
    String message = KernelFrame.rest(start.text(), line);
    return Optional.of(
        new LogLine(
            start.number(),
            Stamp.wall(LogClock.iso(line.group(1))),
            Origin.tagged(line.group(2), line.group(3), start.priority()),
            message.startsWith("\uFEFF") ? message.substring(1) : message));
  }

  /** {@code 2025-02-23T16:24:18.123456+01:00 n1 kernel: …}. */
  Optional<LogLine> iso(Start start) {
    Matcher line = ISO.matcher(start.text());
    if (!line.find() || NO_HOSTS.contains(line.group(2).toLowerCase(Locale.ROOT))) {
      return Optional.empty();
    }
    // services write a space inside their own stamps: only the kernel's tag tells these apart
    if (line.group(1).charAt(10) == ' ' && !line.group(5).equals("kernel")) {
      return Optional.empty();
    }
    return tagged(start, Stamp.wall(LogClock.iso(line.group(1))), line, 2);
  }

  /** {@code Sun 2025-02-23 16:24:18 UTC n1 kernel: …}. */
  Optional<LogLine> full(Start start) {
    Matcher line = FULL.matcher(start.text());
    return line.find()
        ? tagged(start, Stamp.wall(LogClock.iso(line.group(1), line.group(2))), line, 3)
        : Optional.empty();
  }

  /** {@code 1740327858.123456 n1 kernel: …}. */
  Optional<LogLine> unix(Start start) {
    Matcher line = UNIX.matcher(start.text());
    return line.find()
        ? tagged(start, Stamp.wall(LogClock.seconds(line.group(1))), line, 2)
        : Optional.empty();
  }

  /** {@code [ 123.456789] n1 kernel: …}: only with the kernel's tag, else it is dmesg's. */
  Optional<LogLine> monotonic(Start start) {
    Matcher line = MONOTONIC.matcher(start.text());
    return line.find() && line.group(5).equals("kernel")
        ? tagged(start, clock.sinceBoot(line.group(1)), line, 2)
        : Optional.empty();
  }

  /** The groups of a host and of {@link #TAGGED} begin at {@code hostGroup}. */
  private static Optional<LogLine> tagged(Start start, Stamp stamp, Matcher line, int hostGroup) {
    String host = line.group(hostGroup) == null ? "" : line.group(hostGroup);
    String level = line.group(hostGroup + 2) == null ? "" : line.group(hostGroup + 2);
    int named = LEVELS.indexOf(level.equals("warn") ? "warning" : level.replace("error", "err"));
    OptionalInt priority = named < 0 ? start.priority() : OptionalInt.of(named);
    return Optional.of(
        new LogLine(
            start.number(),
            stamp,
            Origin.tagged(host, line.group(hostGroup + 3), priority),
            KernelFrame.rest(start.text(), line)));
  }
}
