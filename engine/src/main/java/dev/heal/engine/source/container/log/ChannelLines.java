package dev.heal.engine.source.container.log;

import dev.heal.engine.source.log.LineCutter;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.OptionalLong;

/**
 * The lines of one channel, from the engine's answer: each piece begins with a stamp and a blank. A
 * long line comes in several pieces of one stamp. Lines that were taken before are passed over.
 */
final class ChannelLines {
  private static final int LONGEST_STAMP = 40;

  /** Takes a line that is new. */
  interface Sink {
    void line(String text, LogPlace place);

    void gap(String why);
  }

  private final Sink sink;
  private final LineCutter cutter = new LineCutter();
  private final LogPlace from;
  private LogPlace place;
  private boolean passing;
  private long passed;
  private boolean open; // a line has begun
  private long stamp;

  ChannelLines(LogPlace from, Sink sink) {
    this.from = from;
    this.place = from;
    this.passing = from.at() > 0;
    this.sink = sink;
  }

  /** Up to where it was taken. */
  LogPlace place() {
    return place;
  }

  /** A piece with its stamp in front. */
  void piece(byte[] bytes) {
    int blank = 0;
    while (blank < Math.min(bytes.length, LONGEST_STAMP) && bytes[blank] != ' ') {
      blank++;
    }
    OptionalLong read = stamp(new String(bytes, 0, blank, StandardCharsets.ISO_8859_1));
    int begin = read.isPresent() ? Math.min(blank + 1, bytes.length) : 0;
    if (read.isPresent() && open && read.getAsLong() != stamp) {
      finish(); // its writer has ended before the line did
    }
    stamp = read.orElse(stamp);
    byte[] text = java.util.Arrays.copyOfRange(bytes, begin, bytes.length);
    open = text.length == 0 || text[text.length - 1] != '\n';
    cutter.feed(text, text.length, (line, cut, end) -> line(line));
  }

  /** No more of it will come. */
  void finish() {
    cutter.finish((line, cut, end) -> line(line));
    open = false;
  }

  private void line(String text) {
    if (passing && (stamp < from.at() || (stamp == from.at() && passed < from.lines()))) {
      passed += stamp == from.at() ? 1 : 0;
      return;
    }
    if (passing && passed < from.lines()) {
      sink.gap("the line up to which it was read is not in the log any more");
    }
    passing = false;
    place = place.behind(stamp);
    sink.line(text, place);
  }

  private static OptionalLong stamp(String text) {
    try {
      Instant at = OffsetDateTime.parse(text).toInstant();
      return OptionalLong.of(
          Math.addExact(Math.multiplyExact(at.getEpochSecond(), 1_000_000_000L), at.getNano()));
    } catch (DateTimeException | ArithmeticException noStamp) {
      return OptionalLong.empty();
    }
  }
}
