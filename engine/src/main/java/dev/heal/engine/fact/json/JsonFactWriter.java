package dev.heal.engine.fact.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.heal.engine.fact.Fact;
import java.io.IOException;
import java.io.Writer;
import java.time.Instant;
import java.util.Map;

/** Facts as JSON Lines, as {@link JsonFactReader} reads them. Does not close what it writes to. */
public final class JsonFactWriter {
  private static final long SECOND = 1_000_000_000L;

  private final JsonGenerator json;

  /** Writes to {@code out}, buffered until {@link #flush}. */
  public JsonFactWriter(Writer out) throws IOException {
    this.json = new JsonFactory().createGenerator(out);
    json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
    json.setRootValueSeparator(null);
  }

  /** Writes one line. */
  public void write(Fact fact) throws IOException {
    json.writeStartObject();
    json.writeStringField("t", time(fact.at()));
    json.writeStringField("entity", fact.entity().toString());
    if (fact instanceof Fact.Event event) {
      json.writeStringField("event", event.signal());
      for (Map.Entry<String, String> field : event.fields().entrySet()) {
        json.writeStringField(field.getKey(), field.getValue());
      }
    } else {
      json.writeStringField("signal", fact.signal());
      if (fact instanceof Fact.Sample sample) {
        number(sample.value());
      } else {
        json.writeStringField("value", ((Fact.Word) fact).value());
      }
    }
    json.writeEndObject();
    json.writeRaw('\n');
  }

  /** A whole number without a fraction; {@code "NaN"} as text, for JSON has no such number. */
  private void number(double value) throws IOException {
    if (value == Math.rint(value) && Math.abs(value) < 1e15) {
      json.writeNumberField("value", (long) value);
    } else if (Double.isFinite(value)) {
      json.writeNumberField("value", value);
    } else if (Double.isNaN(value)) {
      json.writeStringField("value", "NaN");
    } else {
      throw new IllegalArgumentException("a fact has a finite value, or NaN: " + value);
    }
  }

  public void flush() throws IOException {
    json.flush();
  }

  private static String time(long at) {
    return Instant.ofEpochSecond(Math.floorDiv(at, SECOND), Math.floorMod(at, SECOND)).toString();
  }
}
