package dev.heal.engine.fact.host;

import dev.heal.dsl.vocabulary.EntityKind;
import dev.heal.engine.fact.EntityId;
import dev.heal.engine.fact.Fact;
import dev.heal.engine.fact.log.LogEvent;
import dev.heal.engine.fact.log.LogFacts;
import dev.heal.engine.fact.log.LogOptions;
import dev.heal.engine.fact.log.LogParser;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The log of one writer, line by line as it comes: each line as an event of its own, and what the
 * parser knows in it. For any thread; the order of lines is that of the calls.
 */
public final class LogFeed {
  private final LogOptions options;
  private final LogInterest interest;
  private final EntityId writer;
  private final String signal;
  private final LogParser parser;
  private final List<LogEvent> events = new ArrayList<>();
  private final ReentrantLock lock = new ReentrantLock();
  private long number;

  /**
   * What a line tells.
   *
   * @param facts without a time: it is that of their entry
   * @param isNoise whether nobody asks for it
   */
  public record Told(List<Fact> facts, boolean isNoise) {
    public Told {
      facts = List.copyOf(facts);
    }

    /** The facts at a time. */
    public List<Fact> at(long stamp) {
      return facts.stream().map(fact -> fact.heardAt(stamp)).toList();
    }
  }

  /**
   * Begins at the first line.
   *
   * @param writer whose lines they are
   * @param signal of a line: {@code log}, or {@code kernel}
   */
  public LogFeed(EntityId writer, String signal, LogOptions options, LogInterest interest) {
    this.writer = writer;
    this.signal = signal;
    this.options = options;
    this.interest = interest;
    this.parser = new LogParser(options, events::add);
  }

  /** What a line tells. */
  public Told line(String text) {
    return line(text, text);
  }

  /**
   * The same of a line that is in a frame.
   *
   * @param framed what the parser is given: an entry of journald as JSON
   * @param text what the line says
   */
  public Told line(String framed, String text) {
    byte[] bytes = framed.getBytes(StandardCharsets.UTF_8);
    lock.lock();
    try {
      parser.line(++number, bytes, 0, bytes.length);
      List<Fact> facts = new ArrayList<>();
      for (LogEvent event : events) {
        facts.add(LogFacts.fact(event, about(event), 0));
      }
      facts.add(new Fact.Event(0, writer, signal, Map.of("line", text)));
      boolean noise = events.isEmpty() && !interest.in(text);
      events.clear();
      return new Told(facts, noise);
    } finally {
      lock.unlock();
    }
  }

  /** A service's line is about itself, by whatever name its frame calls it. */
  private EntityId about(LogEvent event) {
    EntityId named = LogFacts.entity(event, options.node(), options.service());
    return named.kind() == writer.kind() && writer.kind() == EntityKind.SERVICE ? writer : named;
  }
}
