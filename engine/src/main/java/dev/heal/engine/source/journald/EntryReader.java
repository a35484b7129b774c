package dev.heal.engine.source.journald;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A line of {@code journalctl --output=json}. */
final class EntryReader {
  private static final JsonFactory JSON = new JsonFactory();
  private static final Set<String> WANTED =
      Set.of("__CURSOR", "_SYSTEMD_UNIT", "_TRANSPORT", "MESSAGE");

  private EntryReader() {}

  /** Empty where the line is no entry. */
  static Optional<JournalEntry> read(String line) {
    Map<String, String> fields = new HashMap<>();
    try (JsonParser json = JSON.createParser(line)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        return Optional.empty();
      }
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String name = json.currentName();
        JsonToken value = json.nextToken();
        if (!WANTED.contains(name)) {
          json.skipChildren();
        } else if (value == JsonToken.START_ARRAY) {
          fields.put(name, bytes(json));
        } else {
          fields.put(name, value == JsonToken.VALUE_STRING ? json.getText() : "");
          json.skipChildren();
        }
      }
    } catch (IOException malformed) {
      return Optional.empty();
    }
    String cursor = fields.getOrDefault("__CURSOR", "");
    return cursor.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new JournalEntry(
                cursor,
                fields.getOrDefault("_SYSTEMD_UNIT", ""),
                fields.getOrDefault("_TRANSPORT", "").equals("kernel"),
                fields.getOrDefault("MESSAGE", ""),
                line));
  }

  /**
   * A text that is not all printable is an array of its bytes; one that is there several times, an
   * array of texts, of which the first is taken.
   */
  private static String bytes(JsonParser json) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    Optional<String> text = Optional.empty();
    for (JsonToken item = json.nextToken();
        item != null && item != JsonToken.END_ARRAY;
        item = json.nextToken()) {
      if (item == JsonToken.VALUE_NUMBER_INT) {
        bytes.write(json.getIntValue());
      } else if (item == JsonToken.VALUE_STRING && text.isEmpty()) {
        text = Optional.of(json.getText());
      } else {
        json.skipChildren();
      }
    }
    return text.orElseGet(() -> bytes.toString(StandardCharsets.UTF_8));
  }
}
