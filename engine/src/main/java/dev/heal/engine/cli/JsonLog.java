package dev.heal.engine.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.heal.engine.decide.Times;
import dev.heal.engine.record.Entry;
import dev.heal.engine.record.EntryType;
import dev.heal.engine.source.inbox.Drops;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

/**
 * A log for programs: one object a line with {@code t}, {@code level}, {@code event} and {@code
 * message}; {@code incident} where a line concerns one, as {@code heal explain} takes it.
 */
final class JsonLog implements RunLog {
  private static final JsonFactory JSON = new JsonFactory();

  private final PrintWriter out;
  private final LongSupplier clock;

  /**
   * @param clock nanoseconds since the epoch, for lines that are no entries
   */
  JsonLog(PrintWriter out, LongSupplier clock) {
    this.out = out;
    this.clock = clock;
  }

  /** How much a line matters. */
  enum Level {
    INFO,
    WARNING,
    ERROR;

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    static Level of(EntryType type) {
      return switch (type) {
        case GAVE_UP, BREAKER_TRIPPED, DEADLINE_MISSED, EXPIRED, ACTION_FAILED, RELOAD_FAILED ->
            ERROR;
        case FAULT_RAISED, FAULT_REPEATED, RUNG_FAILED, HELD, PASSED_OVER, SUPPRESSED -> WARNING;
        case FAULT_CLEARED,
            DECISION,
            ACTION_STARTED,
            ACTION_DONE,
            CONFIRMED,
            REVERTED,
            ENDED,
            COMMANDED,
            RELOADED,
            TUNED,
            TRIAL_OVER ->
            INFO;
      };
    }
  }

  private interface Fields {
    void write(JsonGenerator json) throws IOException;
  }

  private void line(long at, Level level, String event, String message, Fields fields) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(text)) {
      json.writeStartObject();
      json.writeStringField("t", Times.iso(at));
      json.writeStringField("level", level.word());
      json.writeStringField("event", event);
      fields.write(json);
      json.writeStringField("message", message);
      json.writeEndObject();
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
    out.println(text);
    out.flush();
  }

  @Override
  public void entry(Entry entry, OptionalLong incident) {
    line(
        entry.at(),
        Level.of(entry.type()),
        entry.type().word(),
        Timeline.words(entry),
        json -> {
          if (incident.isPresent()) {
            json.writeNumberField("incident", incident.getAsLong());
          }
          EntryJson.fields(entry, json);
        });
  }

  @Override
  public void say(String event, String text) {
    line(clock.getAsLong(), Level.INFO, event, text, json -> {});
  }

  @Override
  public void journalFailed(String why) {
    line(clock.getAsLong(), Level.ERROR, "journal_failed", "nothing is done: " + why, json -> {});
  }

  @Override
  public void dropped(List<Drops> drops) {
    for (Drops drop : drops) {
      line(
          clock.getAsLong(),
          Level.WARNING,
          "dropped",
          "more came of %s than could be looked at".formatted(drop.source()),
          json -> {
            json.writeStringField("source", drop.source());
            json.writeStringField("importance", drop.importance().name().toLowerCase(Locale.ROOT));
            json.writeNumberField("count", drop.count());
          });
    }
  }

  @Override
  public void told(String source, String text) {
    line(
        clock.getAsLong(),
        Level.WARNING,
        "source",
        text,
        json -> json.writeStringField("source", source));
  }

  @Override
  public void failed(String source, RuntimeException bug) {
    StringWriter stack = new StringWriter();
    bug.printStackTrace(new PrintWriter(stack, true));
    line(
        clock.getAsLong(),
        Level.ERROR,
        "bug",
        source + " failed: " + bug,
        json -> {
          json.writeStringField("source", source);
          json.writeStringField("stack", stack.toString());
        });
  }
}
