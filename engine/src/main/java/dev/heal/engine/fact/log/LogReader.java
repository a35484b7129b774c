package dev.heal.engine.fact.log;

import dev.heal.engine.fact.Fact;
import dev.heal.engine.source.log.LineReader;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * One log, read as far as the next event. Holds one line, the open folds and at most a few events:
 * a log of any size streams at constant memory. An event comes as soon as the line that decides it
 * was read, so a log that is still written to can be followed.
 */
public final class LogReader {
  private final LineReader lines;
  private final LogParser parser;
  private final LogOptions options;
  private final Deque<LogEvent> ready = new ArrayDeque<>();
  private long timeless;
  private boolean ended;

  /** Reads from a stream that the caller closes. */
  public LogReader(InputStream in, LogOptions options) {
    this.lines = new LineReader(in);
    this.options = options;
    this.parser = new LogParser(options, ready::add);
  }

  /** The next event; empty at the end of the log. */
  public Optional<LogEvent> next() throws IOException {
    while (ready.isEmpty() && !ended) {
      if (lines.next()) {
        parser.line(lines.number(), lines.bytes(), lines.from(), lines.to());
      } else {
        parser.finish();
        ended = true;
      }
    }
    Optional<LogEvent> event = Optional.ofNullable(ready.poll());
    if (event.isPresent() && event.get().at().isEmpty()) {
      timeless++;
    }
    return event;
  }

  /** The next event that has a wall-clock time, as a fact; those without are passed over. */
  public Optional<Fact.Event> nextFact() throws IOException {
    for (Optional<LogEvent> event = next(); event.isPresent(); event = next()) {
      Optional<Fact.Event> fact = LogFacts.fact(event.get(), options);
      if (fact.isPresent()) {
        return fact;
      }
    }
    return Optional.empty();
  }

  /** What was read so far. */
  public Counts counts() {
    return new Counts(
        lines.number(),
        parser.events(),
        parser.unknownCount(),
        timeless,
        lines.cut(),
        lines.damaged());
  }

  /** The alarming ones among the unknown lines. */
  public UnknownLines unknown() {
    return parser.unknown();
  }

  /**
   * How much was read.
   *
   * @param unknown lines that are part of no event
   * @param timeless events without a wall-clock time: {@link #nextFact} passes over them
   * @param cut lines that were too long
   * @param damaged lines with NUL or with bytes that are no text
   */
  public record Counts(
      long lines, long events, long unknown, long timeless, long cut, long damaged) {
    /** Lines that do not come from a whole log. */
    public long malformed() {
      return timeless + cut + damaged;
    }
  }
}
