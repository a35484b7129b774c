package dev.heal.engine.source.kmsg;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A record of the kernel's log.
 *
 * @param sequence counts the records since boot
 * @param priority 0 (emergency) to 7 (debug)
 * @param facility 0: the kernel; whoever writes to {@code /dev/kmsg} has another, mostly 1
 * @param micros since boot
 * @param continued whether it is a piece of a line, flag {@code c}
 * @param line as it was read, with its frame and without further lines: what the log parser takes
 */
public record KmsgRecord(
    long sequence, int priority, int facility, long micros, boolean continued, String line) {
  private static final Pattern FRAME =
      Pattern.compile("^(\\d{1,9}),(\\d{1,18}),(\\d{1,18}),([^;,]*)(?:,[^;]*)?;");

  /** Empty where the bytes are no record. */
  static Optional<KmsgRecord> parse(byte[] bytes, int length) {
    int end = 0;
    while (end < length && bytes[end] != '\n') {
      end++; // what follows, one a line and indented, names the device
    }
    String line = new String(bytes, 0, end, StandardCharsets.UTF_8);
    Matcher frame = FRAME.matcher(line);
    if (!frame.find()) {
      return Optional.empty();
    }
    int priority = Integer.parseInt(frame.group(1));
    return Optional.of(
        new KmsgRecord(
            Long.parseLong(frame.group(2)),
            priority & 7,
            priority >> 3,
            Long.parseLong(frame.group(3)),
            frame.group(4).contains("c"),
            line));
  }

  /** The text, with control characters written as {@code \x0a}. */
  public String message() {
    return line.substring(line.indexOf(';') + 1);
  }
}
