package dev.heal.engine.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.heal.engine.decide.Times;
import dev.heal.engine.record.Entry;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;

/** Entries for programs. */
final class EntryJson {
  private static final JsonFactory JSON = new JsonFactory();

  private EntryJson() {}

  /** One JSON object on one line, with its line end. */
  static String of(Entry entry) {
    StringWriter out = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(out)) {
      json.writeStartObject();
      json.writeStringField("t", Times.iso(entry.at()));
      json.writeStringField("type", entry.type().word());
      fields(entry, json);
      json.writeEndObject();
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
    return out + "\n";
  }

  /** What it is about, and why, into the object that is open. */
  static void fields(Entry entry, JsonGenerator json) throws IOException {
    if (entry.instance().isPresent()) {
      json.writeStringField("fault", entry.instance().get().fault());
      json.writeStringField("entity", entry.instance().get().entity().toString());
    }
    if (entry.policy().isPresent()) {
      json.writeStringField("policy", entry.policy().get());
    }
    if (entry.rung().isPresent()) {
      json.writeNumberField("rung", entry.rung().getAsInt());
    }
    if (entry.verb().isPresent()) {
      json.writeStringField("verb", entry.verb().get());
    }
    if (entry.target().isPresent()) {
      json.writeStringField("target", entry.target().get().toString());
    }
    if (entry.deadline().isPresent()) {
      json.writeStringField("deadline", Times.iso(entry.deadline().getAsLong()));
    }
    if (entry.outcome().isPresent()) {
      json.writeStringField("outcome", entry.outcome().get());
    }
    json.writeStringField("because", entry.because());
  }
}
