package dev.heal.engine.fact.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.heal.engine.fact.EntityId;
import dev.heal.engine.fact.Fact;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * One line to one fact: {@code {"t":…,"entity":"gpu:n1/0","signal":"nvml.temperature","value":91}}
 * or {@code {"t":…,"entity":…,"event":"xid","code":79}}. {@code t} is ISO-8601 or seconds.
 */
public final class JsonFactReader {
  private static final JsonFactory JSON = new JsonFactory();

  /** A fact, or why the line is none; exactly one is there. */
  public record Line(Optional<Fact> fact, String problem) {}

  private JsonFactReader() {}

  public static Line read(String line) {
    try (JsonParser json = JSON.createParser(line)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        return problem("not a JSON object");
      }
      Map<String, String> fields = new HashMap<>();
      JsonToken value = JsonToken.VALUE_NULL;
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String name = json.currentName();
        JsonToken token = json.nextToken();
        if (token.isStructStart()) {
          json.skipChildren();
        } else if (token != JsonToken.VALUE_NULL) {
          fields.put(name, json.getText());
          value = name.equals("value") ? token : value;
        }
      }
      if (json.currentToken() != JsonToken.END_OBJECT) {
        return problem("not a whole JSON object");
      }
      return fact(fields, value);
    } catch (IOException malformed) {
      return problem("not JSON");
    }
  }

  private static Line problem(String why) {
    return new Line(Optional.empty(), why);
  }

  private static Line fact(Map<String, String> fields, JsonToken valueToken) {
    Optional<Long> at = Optional.ofNullable(fields.remove("t")).flatMap(JsonFactReader::time);
    if (at.isEmpty()) {
      return problem("`t` is missing, or neither ISO-8601 nor seconds");
    }
    String name = fields.remove("entity");
    Optional<EntityId> entity = name == null ? Optional.empty() : EntityId.parse(name);
    if (entity.isEmpty()) {
      return problem("`entity` is missing, or not of the form kind:name");
    }
    String event = fields.remove("event");
    if (event != null) {
      return new Line(Optional.of(new Fact.Event(at.get(), entity.get(), event, fields)), "");
    }
    String signal = fields.get("signal");
    String value = fields.get("value");
    if (signal == null || value == null) {
      return problem("neither `event`, nor `signal` with its `value`");
    }
    return level(at.get(), entity.get(), signal, value, valueToken);
  }

  private static Line level(
      long at, EntityId entity, String signal, String value, JsonToken token) {
    return switch (token) {
      case VALUE_TRUE -> new Line(Optional.of(new Fact.Sample(at, entity, signal, 1)), "");
      case VALUE_FALSE -> new Line(Optional.of(new Fact.Sample(at, entity, signal, 0)), "");
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT ->
          new Line(Optional.of(new Fact.Sample(at, entity, signal, Double.parseDouble(value))), "");
      default ->
          value.equals("NaN")
              ? new Line(Optional.of(new Fact.Sample(at, entity, signal, Double.NaN)), "")
              : new Line(Optional.of(new Fact.Word(at, entity, signal, value)), "");
    };
  }

  private static Optional<Long> time(String text) {
    try {
      if (Character.isDigit(text.charAt(text.length() - 1)) && text.indexOf(':') < 0) {
        return Optional.of(
            new BigDecimal(text)
                .movePointRight(9)
                .setScale(0, RoundingMode.HALF_UP)
                .longValueExact());
      }
      Instant instant = OffsetDateTime.parse(text).toInstant();
      return Optional.of(
          Math.addExact(
              Math.multiplyExact(instant.getEpochSecond(), 1_000_000_000L), instant.getNano()));
    } catch (DateTimeException | ArithmeticException | NumberFormatException malformed) {
      return Optional.empty();
    } catch (StringIndexOutOfBoundsException empty) {
      return Optional.empty();
    }
  }
}
