package dev.heal.engine.fact.log;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.zip.GZIPInputStream;

/**
 * {@code heal facts}: what the log parser sees, one JSON object a line; or the shapes of alarming
 * lines that it does not know.
 */
public final class FactsReport {
  private static final JsonFactory JSON = new JsonFactory();
  private static final long SECOND = 1_000_000_000L;

  private final Request request;

  /**
   * What is asked for.
   *
   * @param node the host of a log that does not name it
   * @param service the name of a service whose lines do not name it
   * @param unknown the lines that it does not know, instead of the facts
   */
  public record Request(String node, String service, boolean unknown, LogParser.Options options) {
    public Request {
      Objects.requireNonNull(node);
      Objects.requireNonNull(service);
      Objects.requireNonNull(options);
    }
  }

  public FactsReport(Request request) {
    this.request = request;
  }

  /**
   * Reads a log to its end, gzip or plain; closes neither stream.
   *
   * @param notes where the count of lines and events goes, apart from the result
   * @throws IOException where reading or writing fails
   */
  public void write(InputStream in, Writer out, PrintWriter notes) throws IOException {
    try (JsonGenerator json = JSON.createGenerator(out)) {
      json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
      json.setRootValueSeparator(null);
      LogParser parser =
          new LogParser(request.options(), event -> write(json, event, !request.unknown()));
      parser.read(unzipped(in));
      if (request.unknown()) {
        unknown(json, parser.unknown());
      }
      notes.printf(
          "%d lines, %d facts, %d lines unknown%n",
          parser.lines(), parser.events(), parser.unknownCount());
      json.flush();
      notes.flush();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static InputStream unzipped(InputStream in) throws IOException {
    BufferedInputStream buffered = new BufferedInputStream(in, 1 << 16);
    buffered.mark(2);
    boolean gzip = buffered.read() == 0x1F && buffered.read() == 0x8B;
    buffered.reset();
    return gzip ? new GZIPInputStream(buffered, 1 << 16) : buffered;
  }

  private void write(JsonGenerator json, LogEvent event, boolean wanted) {
    if (!wanted) {
      return;
    }
    try {
      json.writeStartObject();
      if (event.at().isPresent()) {
        json.writeStringField("t", time(event.at().getAsLong()));
      }
      json.writeStringField(
          "entity", LogFacts.entity(event, request.node(), request.service()).toString());
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
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
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
