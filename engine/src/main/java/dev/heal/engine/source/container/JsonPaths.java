package dev.heal.engine.source.container;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Picks values out of JSON by where they stand: {@code State.Health.Status}. */
final class JsonPaths {
  private static final JsonFactory JSON = new JsonFactory();

  private JsonPaths() {}

  /** The texts of those that are there; empty where it is no JSON object. */
  static Optional<Map<String, String>> read(String text, Set<String> wanted) {
    Map<String, String> found = new HashMap<>();
    Deque<String> path = new ArrayDeque<>();
    try (JsonParser json = JSON.createParser(text)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        return Optional.empty();
      }
      path.push("");
      while (!path.isEmpty()) {
        JsonToken token = json.nextToken();
        if (token == null) {
          return Optional.empty(); // it breaks off
        }
        if (token == JsonToken.END_OBJECT) {
          path.pop();
        } else if (token == JsonToken.FIELD_NAME) {
          String here = path.element() + json.currentName();
          JsonToken value = json.nextToken();
          if (value == JsonToken.START_OBJECT) {
            path.push(here + ".");
          } else if (value == JsonToken.START_ARRAY) {
            json.skipChildren();
          } else if (wanted.contains(here) && value != JsonToken.VALUE_NULL) {
            found.put(here, json.getText());
          }
        }
      }
    } catch (IOException malformed) {
      return Optional.empty();
    }
    return Optional.of(found);
  }
}
