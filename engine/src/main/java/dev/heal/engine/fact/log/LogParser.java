package dev.heal.engine.fact.log;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import dev.heal.engine.source.log.KmsgFragments;
import dev.heal.engine.source.log.LineFrame;
import dev.heal.engine.source.log.LineReader;
import dev.heal.engine.source.log.LogLine;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * Takes the lines of one log and gives its events, in the order of their lines. State is what
 * folding needs, and bounded. A line without any of the literals is never made into text.
 */
public final class LogParser {
  private static final Pattern BOOT =
      Pattern.compile(
          "^audit: type=2000 audit\\((\\d+\\.\\d+):|setting system clock to (\\S+?) UTC");

  private final RuleBook rules = RuleBook.shipped();
  private final LineFrame frame;
  private final Consumer<LogEvent> sink;
  private final KmsgFragments fragments = new KmsgFragments();
  private final OomDumps oom = new OomDumps();
  private final Tracebacks tracebacks = new Tracebacks();
  private final GpuLines gpus;
  private final Collectives collectives = new Collectives();
  private final Echoes echoes = new Echoes();
  private final UnknownLines unknown = new UnknownLines();
  private boolean spoken;
  private long lines;
  private long events;
  private long unframed;

  /**
   * @param sink gets each event at the line that decides it
   */
  public LogParser(LogOptions options, Consumer<LogEvent> sink) {
    this.frame = new LineFrame(options.stamps());
    this.sink = sink;
    this.gpus = new GpuLines(options.driverBranch());
  }

  /** Reads to the end of the stream and flushes; does not close it. */
  public void read(InputStream in) throws IOException {
    LineReader reader = new LineReader(in);
    while (reader.next()) {
      line(reader.number(), reader.bytes(), reader.from(), reader.to());
    }
    finish();
  }

  /** One line, without its line feed. The bytes are not kept. */
  public void line(long number, byte[] bytes, int from, int to) {
    lines++;
    boolean known =
        switch (fragments.offer(bytes, from, to)) {
          case OTHER -> record(number, bytes, from, to);
          case WHOLE -> whole(number, bytes, from, to);
          case DICTIONARY -> true;
          case PIECE -> piece(number);
        };
    if (!known) {
      unframed++;
    }
  }

  private boolean whole(long number, byte[] bytes, int from, int to) {
    spoken = record(number, bytes, from, to);
    return spoken;
  }

  private boolean piece(long number) {
    List<byte[]> readings = fragments.readings();
    for (int i = 0; i < readings.size(); i++) {
      boolean further = i == readings.size() - 1;
      if (further && spoken) {
        return true;
      }
      byte[] reading = readings.get(i);
      if (record(number, reading, 0, reading.length)) {
        spoken = true;
        return true;
      }
    }
    return false;
  }

  private boolean record(long number, byte[] bytes, int from, int to) {
    long mask = rules.scan(bytes, from, to);
    if (mask == 0 && !tracebacks.open()) {
      return false;
    }
    LogLine line = frame.open(number, new String(bytes, from, to - from, StandardCharsets.UTF_8));
    if (RuleBook.has(mask, RuleBook.BYTES)) {
      // journald writes a message that is not all text as the numbers of its bytes
      byte[] message = line.message().getBytes(StandardCharsets.UTF_8);
      mask = rules.scan(message, 0, message.length);
    }
    if (parse(line, mask)) {
      return true;
    }
    if (RuleBook.has(mask, RuleBook.ALARM) && !line.origin().informational()) {
      unknown.add(line.message());
    }
    return false;
  }

  /** The end of the log: what is still open is given. */
  public void finish() {
    tracebacks.flush(this::emit);
    oom.flush(this::emit);
  }

  private boolean parse(LogLine line, long mask) {
    Tracebacks.Part part = Tracebacks.Part.NONE;
    if (!line.kernel() && (tracebacks.open() || RuleBook.has(mask, RuleBook.TRACEBACK))) {
      part = tracebacks.offer(line, this::emit);
      if (part == Tracebacks.Part.INSIDE) {
        return true;
      }
    }
    boolean folded = part == Tracebacks.Part.ENDING;
    if (mask == 0) {
      return folded;
    }
    if ((line.kernel() || line.origin().bare()) && kernel(line, mask)) {
      return true;
    }
    return (!line.kernel() && service(line, mask)) || folded;
  }

  private boolean kernel(LogLine line, long mask) {
    if (RuleBook.has(mask, RuleBook.DRIVER)) {
      gpus.learnDriver(line.message());
    }
    if (RuleBook.has(mask, RuleBook.GPU_NAMED)) {
      gpus.learnName(line);
    }
    if (RuleBook.has(mask, RuleBook.BOOT)) {
      learnBoot(line);
    }
    if (RuleBook.has(mask, RuleBook.XID)) {
      GpuLines.Read read = gpus.read(line);
      if (read.known()) {
        read.finding().ifPresent(found -> emit(found.at(line)));
        return true;
      }
    }
    if (RuleBook.has(mask, RuleBook.OOM) && oom.offer(line, this::emit)) {
      return true;
    }
    return rules(rules.kernel(), line, mask, line);
  }

  private void learnBoot(LogLine line) {
    Matcher boot = BOOT.matcher(line.message());
    if (boot.find()) {
      OptionalLong wall =
          boot.group(1) != null
              ? LineFrame.auditTime(boot.group(1))
              : LineFrame.isoTime(boot.group(2));
      wall.ifPresent(at -> frame.learnBoot(line, at));
    }
  }

  private boolean service(LogLine line, long mask) {
    if (collectives.isEcho(line)) {
      return true;
    }
    // the fabric manager's own lines do not say whose they are
    boolean fabricManager =
        line.origin().identifier().orElse("").contains("fabricmanager")
            && !line.message().contains("fabric");
    LogLine read = fabricManager ? line.saying("fabricmanager: " + line.message()) : line;
    return rules(rules.service(), read, mask, line);
  }

  private boolean rules(List<List<Rule>> byBit, LogLine read, long mask, LogLine line) {
    String lower = read.message().toLowerCase(Locale.ROOT);
    for (long left = mask; left != 0; left &= left - 1) {
      for (Rule rule : byBit.get(Long.numberOfTrailingZeros(left))) {
        Optional<Finding> found = rule.find(read, lower).map(Spelling::vocabulary);
        if (found.isPresent()) {
          Finding whole = gpus.named(found.get(), line);
          collectives.note(whole);
          if (!echoes.isEcho(rule, whole, line)) {
            emit(whole.at(line));
          }
          return true;
        }
      }
    }
    return false;
  }

  private void emit(LogEvent event) {
    events++;
    sink.accept(event);
  }

  /** Lines read so far. */
  public long lines() {
    return lines;
  }

  /** Events given so far. */
  public long events() {
    return events;
  }

  /** Lines that are part of no event. */
  public long unknownCount() {
    return unframed;
  }

  /** The alarming ones among the unknown lines. */
  public UnknownLines unknown() {
    return unknown;
  }
}
