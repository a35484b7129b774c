package dev.heal.engine.fact.log;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.InputStream;
import java.io.Writer;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * {@code heal facts}: what the log parser sees, one JSON object a line; or the shapes of alarming
 * lines that it does not know.
 */
public final class FactsReport {
  private static final JsonFactory JSON = new JsonFactory();
  private static final long SECOND = 1_000_000_000L;

  private final LogOptions options;
  private final boolean unknown;

  /**
   * @param unknown the lines that the parser does not know, instead of the facts
   */
  public FactsReport(LogOptions options, boolean unknown) {
    this.options = options;
    this.unknown = unknown;
  }

  /**
   * Reads a log to its end; closes neither stream.
   *
   * @throws IOException where reading or writing fails
   */
  public LogReader.Counts write(InputStream in, Writer out) throws IOException {
    try (JsonGenerator json = JSON.createGenerator(out)) {
      json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
      json.setRootValueSeparator(null);
      LogReader reader = new LogReader(in, options);
      for (Optional<LogEvent> event = reader.next(); event.isPresent(); event = reader.next()) {
        if (!unknown) {
          write(json, event.get());
        }
      }
      if (unknown) {
        unknown(json, reader.unknown());
      }
      json.flush();
      return reader.counts();
    }
  }

  private void write(JsonGenerator json, LogEvent event) throws IOException {
    json.writeStartObject();
    if (event.at().isPresent()) {
      json.writeStringField("t", time(event.at().getAsLong()));
    } else if (event.stamp().uptime().isPresent()) {
      json.writeNumberField("uptime", event.stamp().uptime().getAsLong() / 1e9);
    }
    json.writeStringField(
        "entity", LogFacts.entity(event, options.node(), options.service()).toString());
    json.writeStringField("event", event.name());
    for (Map.Entry<String, LogEvent.FieldValue> field : event.fields().entrySet()) {
      json.writeFieldName(field.getKey());
      if (field.getValue() instanceof LogEvent.FieldValue.Whole number) {
        json.writeNumber(number.value());
      } else {
        json.writeString(field.getValue().toString());
      }
    }
    json.writeStringField("severity", event.severity().word());
    json.writeStringField("action", event.action().word());
    json.writeNumberField("line", event.line());
    json.writeEndObject();
    json.writeRaw('\n');
  }

  private static void unknown(JsonGenerator json, UnknownLines lines) throws IOException {
    for (Map.Entry<String, Long> shape : lines.shapes().entrySet()) {
      json.writeStartObject();
      json.writeNumberField("count", shape.getValue());
      json.writeStringField("shape", shape.getKey());
      json.writeEndObject();
      json.writeRaw('\n');
    }
    if (lines.further() > 0) {
      json.writeStartObject();
      json.writeNumberField("count", lines.further());
      json.writeStringField("shape", "further shapes");
      json.writeEndObject();
      json.writeRaw('\n');
    }
  }

  private static String time(long at) {
    return Instant.ofEpochSecond(Math.floorDiv(at, SECOND), Math.floorMod(at, SECOND)).toString();
  }
}
