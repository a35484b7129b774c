package dev.heal.engine.source.log;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * Takes lines out of their frames: dmesg, {@code /dev/kmsg}, syslog (RFC 3164, RFC 5424, rsyslog
 * with ISO times), journalctl (short forms and JSON) and the JSON of container runtimes. The format
 * is found anew for each line. It remembers the year, so lines come in the order of the file.
 */
public final class LineFrame {
  private static final Pattern PRIORITY = Pattern.compile("^<\\d{1,3}>");
  private static final Pattern DMESG =
      Pattern.compile("^\\[ *(\\d+\\.\\d+)\\](?: *\\[ *[TC]\\d+\\])? ?(.*)$", Pattern.DOTALL);
  private static final Pattern DMESG_WALL =
      Pattern.compile(
          "^\\[\\w{3} (\\w{3}) +(\\d{1,2}) (\\d\\d:\\d\\d:\\d\\d(?:\\.\\d+)?) (\\d{4})\\] ?(.*)$",
          Pattern.DOTALL);
  private static final Pattern KMSG =
      Pattern.compile("^\\d+,\\d+,(\\d+),[^;]*;(.*)$", Pattern.DOTALL);
  private static final Pattern RFC3164 =
      Pattern.compile(
          "^(\\w{3}) +(\\d{1,2}) (?:(\\d{4}) )?(\\d\\d:\\d\\d:\\d\\d(?:[.,]\\d+)?) (\\S+) "
              + "([^\\s:\\[]+(?: [^\\s:\\[]+)?)(?:\\[[^\\]]*\\])?: ?(.*)$",
          Pattern.DOTALL);
  private static final String ISO =
      "\\d{4}-\\d\\d-\\d\\d[T ]\\d\\d:\\d\\d:\\d\\d(?:[.,]\\d{1,9})?(?:Z|[+-]\\d\\d:?\\d\\d)?";
  private static final Pattern RFC5424 =
      Pattern.compile(
          "^1 (\\S+) (\\S+) (\\S+) \\S+ \\S+ (?:-|(?:\\[[^\\]]*\\])+) ?(.*)$", Pattern.DOTALL);
  private static final Pattern ISO_SYSLOG =
      Pattern.compile(
          "^(" + ISO + ") ([\\w.-]+) ([^\\s:\\[]+)(?:\\[[^\\]]*\\])?: (.*)$", Pattern.DOTALL);
  private static final Pattern ISO_DMESG =
      Pattern.compile("^(" + ISO + ") ((?:NVRM|nvidia|nvme|mlx5|EXT4|XFS|EDAC|mce|pcieport).*)$");
  private static final Pattern MONOTONIC =
      Pattern.compile(
          "^\\[ *(\\d+\\.\\d+)\\] ([\\w.-]+) ([\\w.-]+)(?:\\[[^\\]]*\\])?: (.*)$", Pattern.DOTALL);
  private static final Pattern ISO_START = Pattern.compile("^\\[?(" + ISO + ")\\]?:? *");

  private final LogClock clock;

  /**
   * @param bootedAt the wall clock at boot, for stamps that count seconds since boot
   * @param year of the first line, for stamps without a year
   */
  public LineFrame(OptionalLong bootedAt, OptionalInt year) {
    this.clock = new LogClock(bootedAt, year);
  }

  /** Never fails: what is in no known frame is a bare message. */
  public LogLine open(long number, String line) {
    if (line.startsWith("{")) {
      Optional<LogLine> json = JsonFrame.open(number, line, clock);
      if (json.isPresent()) {
        return inner(json.get());
      }
    }
    String text = line;
    boolean prioritised = false;
    Matcher priority = PRIORITY.matcher(line);
    if (line.startsWith("<") && priority.find()) {
      text = line.substring(priority.end());
      prioritised = true;
    }
    if (text.isEmpty()) {
      return bare(number, OptionalLong.empty(), text);
    }
    char first = text.charAt(0);
    if (first == '[') {
      return bracket(number, text);
    }
    if (first >= '0' && first <= '9') {
      return digit(number, text);
    }
    Matcher old = RFC3164.matcher(text);
    if (text.length() > 15 && text.charAt(3) == ' ' && old.find()) {
      OptionalLong at = rfc3164Time(old);
      return inner(tagged(number, at, old.group(5), old.group(6), old.group(7)));
    }
    return prioritised
        ? kernel(number, OptionalLong.empty(), text)
        : bare(number, OptionalLong.empty(), text);
  }

  private OptionalLong rfc3164Time(Matcher old) {
    String time = old.group(4).replace(',', '.');
    return old.group(3) == null
        ? clock.withoutYear(old.group(1), old.group(2), time)
        : clock.withYear(old.group(3), old.group(1), old.group(2), time);
  }

  private LogLine bracket(long number, String text) {
    Matcher monotonic = MONOTONIC.matcher(text);
    if (monotonic.find() && monotonic.group(3).equals("kernel")) {
      return tagged(
          number,
          clock.sinceBoot(monotonic.group(1)),
          monotonic.group(2),
          monotonic.group(3),
          monotonic.group(4));
    }
    Matcher seconds = DMESG.matcher(text);
    if (seconds.find()) {
      return kernel(number, clock.sinceBoot(seconds.group(1)), seconds.group(2));
    }
    Matcher wall = DMESG_WALL.matcher(text);
    if (wall.find()) {
      OptionalLong at = clock.withYear(wall.group(4), wall.group(1), wall.group(2), wall.group(3));
      return kernel(number, at, wall.group(5));
    }
    return isoStart(number, text);
  }

  private LogLine digit(long number, String text) {
    Matcher kmsg = KMSG.matcher(text);
    if (kmsg.find()) {
      return kernel(number, clock.micros(kmsg.group(1), false), kmsg.group(2));
    }
    if (text.startsWith("1 ")) {
      Matcher rfc5424 = RFC5424.matcher(text);
      if (rfc5424.find()) {
        String message = rfc5424.group(4);
        message = message.startsWith("\uFEFF") ? message.substring(1) : message;
        return inner(
            tagged(
                number,
                LogClock.iso(rfc5424.group(1)),
                rfc5424.group(2),
                rfc5424.group(3),
                message));
      }
    }
    Matcher syslog = ISO_SYSLOG.matcher(text);
    if (syslog.find()) {
      String tag = syslog.group(3);
      if (!tag.equals("NVRM") && !tag.startsWith("nvidia-")) {
        return inner(
            tagged(number, LogClock.iso(syslog.group(1)), syslog.group(2), tag, syslog.group(4)));
      }
    }
    Matcher dmesg = ISO_DMESG.matcher(text);
    if (dmesg.find()) {
      return kernel(number, LogClock.iso(dmesg.group(1)), dmesg.group(2));
    }
    return isoStart(number, text);
  }

  private static LogLine isoStart(long number, String text) {
    Matcher start = ISO_START.matcher(text);
    if (start.find()) {
      return bare(number, LogClock.iso(start.group(1)), text.substring(start.end()));
    }
    return bare(number, OptionalLong.empty(), text);
  }

  /** A kernel line inside syslog often keeps its own stamp. */
  private static LogLine inner(LogLine line) {
    if (!line.kernel() || !line.message().startsWith("[")) {
      return line;
    }
    Matcher own = DMESG.matcher(line.message());
    return own.find()
        ? new LogLine(line.number(), line.at(), line.host(), line.identifier(), true, own.group(2))
        : line;
  }

  private static LogLine tagged(
      long number, OptionalLong at, String host, String tag, String message) {
    return new LogLine(
        number,
        at,
        host.equals("-") ? Optional.empty() : Optional.of(host),
        Optional.of(tag),
        tag.equals("kernel"),
        message);
  }

  private static LogLine kernel(long number, OptionalLong at, String message) {
    return new LogLine(number, at, Optional.empty(), Optional.of("kernel"), true, message);
  }

  private static LogLine bare(long number, OptionalLong at, String message) {
    return new LogLine(number, at, Optional.empty(), Optional.empty(), false, message);
  }
}
