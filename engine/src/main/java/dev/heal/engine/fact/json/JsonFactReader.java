package dev.heal.engine.fact.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import dev.heal.engine.fact.EntityId;
import dev.heal.engine.fact.Fact;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One line to one fact: {@code {"t":…,"entity":"gpu:n1/0","signal":"nvml.temperature","value":91}}
 * or {@code {"t":…,"entity":…,"event":"xid","code":79}}. {@code t} is ISO-8601 or seconds.
 *
 * <p>One reader for one stream: it remembers the names that come again. Not for several threads.
 */
public final class JsonFactReader {
  private static final JsonFactory JSON =
      new JsonFactoryBuilder().enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER).build();

  /** A fact, or why the line is none; exactly one is there. */
  public record Line(Optional<Fact> fact, String problem) {
    static Line of(Fact fact) {
      return new Line(Optional.of(fact), "");
    }

    static Line problem(String why) {
      return new Line(Optional.empty(), why);
    }
  }

  private final Interned<Optional<EntityId>> entities = new Interned<>(EntityId::parse);
  private final Interned<String> names = new Interned<>(name -> name);
  private final Instants instants = new Instants();

  // what the line that is read has said so far
  private OptionalLong at = OptionalLong.empty();
  private Optional<EntityId> entity = Optional.empty();
  private String signal = "";
  private String event = "";
  private JsonToken valueToken = JsonToken.VALUE_NULL;
  private double number;
  private String word = "";
  private Map<String, String> fields = Map.of();

  /** Reads a line of text. */
  public Line read(String line) {
    byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
    return read(bytes, 0, bytes.length);
  }

  /** Reads a line of UTF-8, without its line feed. */
  public Line read(byte[] bytes, int from, int to) {
    at = OptionalLong.empty();
    entity = Optional.empty();
    signal = "";
    event = "";
    valueToken = JsonToken.VALUE_NULL;
    fields = Map.of();
    try (JsonParser json = JSON.createParser(bytes, from, to - from)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        return Line.problem("not a JSON object");
      }
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String name = json.currentName();
        field(name, json, json.nextToken());
      }
      if (json.currentToken() != JsonToken.END_OBJECT) {
        return Line.problem("not a whole JSON object");
      }
      return json.nextToken() == null ? fact() : Line.problem("more than one JSON object");
    } catch (IOException malformed) {
      return Line.problem("not JSON");
    }
  }

  private void field(String name, JsonParser json, JsonToken token) throws IOException {
    if (token.isStructStart()) {
      json.skipChildren();
      return;
    }
    if (token == JsonToken.VALUE_NULL) {
      return;
    }
    switch (name) {
      case "t" ->
          at = instants.read(json.getTextCharacters(), json.getTextOffset(), json.getTextLength());
      case "entity" -> entity = interned(entities, json);
      case "signal" -> signal = interned(names, json);
      case "event" -> event = interned(names, json);
      case "value" -> value(json, token);
      default -> {
        if (fields.isEmpty()) {
          fields = new HashMap<>();
        }
        fields.put(name, json.getText());
      }
    }
  }

  private static <V> V interned(Interned<V> known, JsonParser json) throws IOException {
    return known.get(json.getTextCharacters(), json.getTextOffset(), json.getTextLength());
  }

  private void value(JsonParser json, JsonToken token) throws IOException {
    valueToken = token;
    if (token.isNumeric()) {
      number = json.getDoubleValue();
    } else if (token == JsonToken.VALUE_STRING) {
      word = interned(names, json);
    }
  }

  private Line fact() {
    if (at.isEmpty()) {
      return Line.problem(
          "`t` is missing, or neither ISO-8601 nor seconds of the years 1970 to 2261");
    }
    if (entity.isEmpty()) {
      return Line.problem("`entity` is missing, or not of the form kind:name");
    }
    if (!event.isEmpty()) {
      return Line.of(new Fact.Event(at.getAsLong(), entity.get(), event, fields));
    }
    if (signal.isEmpty() || valueToken == JsonToken.VALUE_NULL) {
      return Line.problem("neither `event`, nor `signal` with its `value`");
    }
    return level(at.getAsLong(), entity.get());
  }

  private Line level(long when, EntityId of) {
    return switch (valueToken) {
      case VALUE_TRUE -> Line.of(new Fact.Sample(when, of, signal, 1));
      case VALUE_FALSE -> Line.of(new Fact.Sample(when, of, signal, 0));
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT ->
          Double.isFinite(number)
              ? Line.of(new Fact.Sample(when, of, signal, number))
              : Line.problem("`value` is too large a number");
      default ->
          word.equals("NaN")
              ? Line.of(new Fact.Sample(when, of, signal, Double.NaN))
              : Line.of(new Fact.Word(when, of, signal, word));
    };
  }
}
