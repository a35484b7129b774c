package dev.heal.engine.fact.host;

import dev.heal.engine.fact.EntityId;
import dev.heal.engine.fact.Fact;
import dev.heal.engine.fact.log.LogEvent;
import dev.heal.engine.fact.log.LogFacts;
import dev.heal.engine.fact.log.LogOptions;
import dev.heal.engine.fact.log.LogParser;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The log of one writer, line by line as it comes: events that the parser knows. For one thread.
 */
public final class LogFeed {
  private final LogOptions options;
  private final LogParser parser;
  private final List<LogEvent> events = new ArrayList<>();
  private long number;

  /** Begins at the first line. */
  public LogFeed(LogOptions options) {
    this.options = options;
    this.parser = new LogParser(options, events::add);
  }

  /** What a line tells, at the time at which it was heard. */
  public List<Fact> line(String text, long heardAt) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    parser.line(++number, bytes, 0, bytes.length);
    List<Fact> facts = new ArrayList<>();
    for (LogEvent event : events) {
      EntityId entity = LogFacts.entity(event, options.node(), options.service());
      facts.add(LogFacts.fact(event, entity, heardAt).heardAt(heardAt));
    }
    events.clear();
    return facts;
  }
}
