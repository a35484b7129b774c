package dev.heal.engine.actuate;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.heal.dsl.tree.Value;
import dev.heal.engine.schedule.Order;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** An order as commands and servers are told of it. */
final class OrderWords {
  /** Linux takes 128 KiB a variable. */
  private static final int MOST = 4096;

  private static final JsonFactory JSON = new JsonFactory();

  private OrderWords() {}

  /** Unique over all runs: whoever has seen it has done it. */
  static String key(String run, Order order) {
    return run + "-" + order.id();
  }

  static String purpose(Order order) {
    return order.purpose().name().toLowerCase(Locale.ROOT);
  }

  /** {@code to} → {@code pool spare}, {@code power} → {@code 450W}: as written. */
  static Map<String, String> settings(Order order) {
    Map<String, String> settings = new TreeMap<>();
    order.act().settings().forEach((word, values) -> settings.put(word, words(values)));
    return settings;
  }

  private static String words(List<Value> values) {
    return values.stream()
        .map(value -> value instanceof Value.Text text ? text.text() : value.span().text())
        .collect(Collectors.joining(" "));
  }

  /** A setting that is a number: {@code attempts 3}. */
  static OptionalInt count(Order order, String word) {
    List<Value> values = order.act().settings().getOrDefault(word, List.of());
    return values.size() == 1 && values.get(0) instanceof Value.Quantity number
        ? OptionalInt.of(number.parts().get(0).number().intValue())
        : OptionalInt.empty();
  }

  /**
   * {@code HEAL_IDEMPOTENCY_KEY}, {@code HEAL_VERB} and so on; what a fault captured among them.
   *
   * @param verb that of the order, or a hook of it
   */
  static Map<String, String> environment(String key, String verb, Assignment assignment) {
    Order order = assignment.order();
    Map<String, String> environment = new TreeMap<>();
    environment.put("HEAL_IDEMPOTENCY_KEY", key);
    environment.put("HEAL_ORDER", key);
    environment.put("HEAL_VERB", verb);
    environment.put("HEAL_TARGET", order.target().toString());
    environment.put("HEAL_FAULT", order.instance().fault());
    environment.put("HEAL_ENTITY", order.instance().entity().toString());
    environment.put("HEAL_POLICY", order.policy());
    environment.put("HEAL_PURPOSE", purpose(order));
    settings(order).forEach((word, value) -> environment.put(name("SETTING", word), value));
    order
        .captures()
        .forEach((word, value) -> environment.put(name("CAPTURE", word), shortened(value)));
    return environment;
  }

  private static String name(String kind, String word) {
    return "HEAL_%s_%s"
        .formatted(kind, word.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9_]", "_"));
  }

  private static String shortened(String value) {
    return value.length() <= MOST ? value : value.substring(0, MOST);
  }

  /** The same as a JSON object. */
  static String json(String key, String verb, Assignment assignment) {
    Order order = assignment.order();
    return object(
        json -> {
          json.writeStringField("order", key);
          json.writeStringField("verb", verb);
          json.writeStringField("target", order.target().toString());
          json.writeStringField("fault", order.instance().fault());
          json.writeStringField("entity", order.instance().entity().toString());
          json.writeStringField("policy", order.policy());
          json.writeStringField("purpose", purpose(order));
          texts(json, "settings", settings(order));
          texts(json, "captures", assignment.order().captures());
        });
  }

  static void texts(JsonGenerator json, String name, Map<String, String> texts) throws IOException {
    json.writeObjectFieldStart(name);
    for (Map.Entry<String, String> text : new TreeMap<>(texts).entrySet()) {
      json.writeStringField(text.getKey(), shortened(text.getValue()));
    }
    json.writeEndObject();
  }

  /** What is written into an object. */
  interface Fields {
    void write(JsonGenerator json) throws IOException;
  }

  static String object(Fields fields) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(text)) {
      json.writeStartObject();
      fields.write(json);
      json.writeEndObject();
    } catch (IOException inMemory) {
      throw new UncheckedIOException(inMemory);
    }
    return text.toString();
  }
}
