package dev.heal.engine.source.log;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * Takes lines out of their frames: dmesg, {@code /dev/kmsg}, syslog, journalctl (short forms and
 * JSON), the files of container runtimes. The format is found anew for each line. It remembers the
 * year and the time of boot, so lines come in the order of the file.
 */
public final class LineFrame {
  private static final Pattern PRIORITY = Pattern.compile("^(?:\\d{1,6} )?<(\\d{1,3})>");
  private static final Pattern CONTAINER =
      Pattern.compile(
          "^(\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(?:\\.\\d{1,9})?(?:Z|[+-]\\d\\d:\\d\\d))"
              + " std(?:out|err) [FP] ");
  private static final Pattern ISO_START =
      Pattern.compile(
          "^\\[?(\\d{4}-\\d\\d-\\d\\d[T ]\\d\\d:\\d\\d:\\d\\d(?:[.,]\\d{1,9})?"
              + "(?:Z|[+-]\\d\\d:?\\d\\d)?)\\]?:?[ |]*");

  private final LogClock clock;
  private final KernelFrame kernel;
  private final SyslogFrame syslog;

  public LineFrame(StampRules rules) {
    this.clock = new LogClock(rules);
    this.kernel = new KernelFrame(clock);
    this.syslog = new SyslogFrame(clock);
  }

  /** Never fails: what is in no known frame is a bare message. */
  public LogLine open(long number, String line) {
    if (line.isEmpty()) {
      return bare(number, Stamp.NONE, line);
    }
    LogLine opened = outer(number, line);
    return opened.kernel() && opened.message().startsWith("[")
        ? kernel.withoutOwnStamp(opened).orElse(opened)
        : opened;
  }

  /**
   * The line tells the wall clock at its own uptime: from here on, uptimes have times. Only for a
   * line that has no wall clock of its own.
   */
  public void learnBoot(LogLine line, long wall) {
    if (line.stamp().uptime().isPresent()) {
      clock.learnBoot(wall, line.stamp().uptime().getAsLong());
    }
  }

  private LogLine outer(long number, String line) {
    if (line.charAt(0) == '{') {
      Optional<LogLine> json = JsonFrame.open(number, line, clock);
      if (json.isPresent()) {
        return json.get();
      }
    }
    Matcher priority = PRIORITY.matcher(line);
    if (line.indexOf('<') >= 0 && priority.find()) {
      String text = line.substring(priority.end());
      OptionalInt level = OptionalInt.of(Integer.parseInt(priority.group(1)) & 7);
      return framed(number, level, text)
          .orElseGet(() -> new LogLine(number, Stamp.NONE, Origin.kernel(level), text));
    }
    return framed(number, OptionalInt.empty(), line).orElseGet(() -> service(number, line));
  }

  private Optional<LogLine> framed(long number, OptionalInt priority, String text) {
    if (text.isEmpty()) {
      return Optional.empty();
    }
    SyslogFrame.Start start = new SyslogFrame.Start(number, priority, text);
    char first = text.charAt(0);
    if (first == '[') {
      // only journalctl's form has the tag; every other line is dmesg's
      Optional<LogLine> journal =
          text.contains(" kernel: ") ? syslog.monotonic(start) : Optional.empty();
      return journal.or(() -> kernel.bracket(number, priority, text));
    }
    if (first >= '0' && first <= '9') {
      return digit(start);
    }
    if (text.length() > 15 && text.charAt(3) == ' ') {
      return syslog.rfc3164(start).or(() -> syslog.full(start));
    }
    return first >= 'a' && first <= 'z' ? kernel.levels(number, text) : Optional.empty();
  }

  private Optional<LogLine> digit(SyslogFrame.Start start) {
    String text = start.text();
    if (text.length() > 10 && text.charAt(4) == '-') {
      return kernel.iso(start.number(), start.priority(), text).or(() -> syslog.iso(start));
    }
    if (text.startsWith("1 ")) {
      return syslog.rfc5424(start);
    }
    return kernel.kmsg(start.number(), text).or(() -> syslog.unix(start));
  }

  private LogLine service(long number, String text) {
    if (text.charAt(0) == '[' || Character.isDigit(text.charAt(0))) {
      Matcher container = CONTAINER.matcher(text);
      if (container.find()) {
        Stamp stamp = Stamp.wall(LogClock.iso(container.group(1)));
        String message = KernelFrame.rest(text, container);
        Matcher own = ISO_START.matcher(message);
        return bare(number, stamp, own.find() ? message.substring(own.end()) : message);
      }
      Matcher iso = ISO_START.matcher(text);
      if (iso.find()) {
        Stamp stamp = Stamp.wall(LogClock.iso(iso.group(1)));
        return bare(number, stamp, text.substring(iso.end()));
      }
    }
    return bare(number, ServiceStamp.find(text, clock), text);
  }

  private static LogLine bare(long number, Stamp stamp, String message) {
    return new LogLine(number, stamp, Origin.UNKNOWN, message);
  }

  /** The wall clock of an audit record, {@code audit(1740327858.123:1)}. */
  public static OptionalLong auditTime(String seconds) {
    return LogClock.seconds(seconds);
  }

  /** An ISO time; UTC where it names no zone. */
  public static OptionalLong isoTime(String text) {
    return LogClock.iso(text);
  }
}
