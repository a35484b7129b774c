package dev.heal.engine.cli.recording;

import dev.heal.engine.fact.Fact;
import dev.heal.engine.fact.log.LogEvent;
import dev.heal.engine.fact.log.LogFacts;
import dev.heal.engine.fact.log.LogOptions;
import dev.heal.engine.fact.log.LogReader;
import java.io.IOException;
import java.io.InputStream;
import java.util.Comparator;
import java.util.Optional;
import java.util.PriorityQueue;

/**
 * The events of a log. An event of many lines comes when its last line was read: a window of events
 * puts them back into the order of their times.
 */
public final class LogFactStream implements FactStream {
  private static final int WINDOW = 256;

  private record Waiting(Fact fact, long order, long line) {}

  private final String name;
  private final LogReader reader;
  private final LogOptions options;
  private final Complaints complaints;
  private final PriorityQueue<Waiting> window =
      new PriorityQueue<>(
          Comparator.comparingLong((Waiting w) -> w.fact().at()).thenComparingLong(Waiting::order));
  private long order;
  private boolean ended;
  private long line;

  /** Reads from a stream that the caller closes. */
  public LogFactStream(String name, InputStream in, LogOptions options, Complaints complaints) {
    this.name = name;
    this.reader = new LogReader(in, options);
    this.options = options;
    this.complaints = complaints;
  }

  @Override
  public Optional<Fact> next() throws IOException {
    while (!ended && window.size() < WINDOW) {
      Optional<LogEvent> event = reader.next();
      if (event.isPresent()) {
        take(event.get());
      } else {
        ended = true;
        LogReader.Counts counts = reader.counts();
        complaints.count(Complaints.Kind.MALFORMED, counts.cut() + counts.damaged());
      }
    }
    Optional<Waiting> first = Optional.ofNullable(window.poll());
    first.ifPresent(waiting -> line = waiting.line());
    return first.map(Waiting::fact);
  }

  private void take(LogEvent event) {
    Optional<Fact.Event> fact = LogFacts.fact(event, options);
    if (fact.isPresent()) {
      window.add(new Waiting(fact.get(), order++, event.line()));
    } else {
      complaints.add(
          Complaints.Kind.TIMELESS,
          name + ":" + event.line(),
          "`%s` has no wall-clock time and is left out; --boot-time gives it one"
              .formatted(event.name()));
    }
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public long line() {
    return line;
  }
}
