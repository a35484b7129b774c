package dev.heal.engine.journal.recording;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.heal.engine.fact.EntityId;
import dev.heal.engine.fact.Fact;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The form of a fact that its usual line would not give back. */
final class ExactFact {
  /** What the usual line keeps for itself. */
  static final Set<String> RESERVED = Set.of("t", "entity", "signal", "event", "value");

  /** The start of 2262: the usual line has no later time. */
  static final long END = 9_214_646_400_000_000_000L;

  static final long MINUS_ZERO = Double.doubleToRawLongBits(-0.0);

  private ExactFact() {}

  /** Reads the object that the parser stands at the start of. */
  static Fact read(JsonParser json) throws IOException {
    Map<String, String> words = new TreeMap<>();
    Map<String, String> fields = new TreeMap<>();
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      if (json.nextToken() == JsonToken.START_OBJECT) {
        while (json.nextToken() == JsonToken.FIELD_NAME) {
          String field = json.currentName();
          json.nextToken();
          fields.put(field, json.getText());
        }
      } else {
        words.put(name, json.getText());
      }
    }
    try {
      long at = Long.parseLong(words.getOrDefault("at", ""));
      EntityId entity =
          EntityId.parse(words.getOrDefault("entity", ""))
              .orElseThrow(() -> new IOException("not of the form kind:name"));
      String signal = words.getOrDefault("signal", "");
      if (words.containsKey("sample")) {
        return new Fact.Sample(
            at, entity, signal, Double.parseDouble(words.getOrDefault("sample", "")));
      }
      return words.containsKey("word")
          ? new Fact.Word(at, entity, signal, words.getOrDefault("word", ""))
          : new Fact.Event(at, entity, signal, fields);
    } catch (NumberFormatException malformed) {
      throw new IOException("not a number: " + malformed.getMessage(), malformed);
    }
  }
}
