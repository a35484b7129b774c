package dev.heal.engine.source.log;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** {@code journalctl -o json}, and the JSON lines of container runtimes ({@code log, time}). */
final class JsonFrame {
  private static final JsonFactory JSON = new JsonFactory();
  private static final Set<String> WANTED =
      Set.of(
          "MESSAGE",
          "__REALTIME_TIMESTAMP",
          "_HOSTNAME",
          "_TRANSPORT",
          "SYSLOG_IDENTIFIER",
          "_COMM",
          "log",
          "time");

  private JsonFrame() {}

  static Optional<LogLine> open(long number, String line, LogClock clock) {
    Map<String, String> fields;
    try {
      fields = read(line);
    } catch (IOException e) {
      return Optional.empty();
    }
    String message = fields.get("MESSAGE");
    if (message != null) {
      boolean kernel = "kernel".equals(fields.get("_TRANSPORT"));
      String tag = fields.getOrDefault("SYSLOG_IDENTIFIER", fields.getOrDefault("_COMM", ""));
      OptionalLong at = clock.micros(fields.getOrDefault("__REALTIME_TIMESTAMP", ""), true);
      Optional<String> identifier =
          kernel ? Optional.of("kernel") : Optional.of(tag).filter(name -> !name.isEmpty());
      return Optional.of(
          new LogLine(
              number,
              at,
              Optional.ofNullable(fields.get("_HOSTNAME")),
              identifier,
              kernel || "kernel".equals(tag),
              message.stripTrailing()));
    }
    String log = fields.get("log");
    if (log != null) {
      return Optional.of(
          new LogLine(
              number,
              LogClock.iso(fields.getOrDefault("time", "")),
              Optional.empty(),
              Optional.empty(),
              false,
              log.stripTrailing()));
    }
    return Optional.empty();
  }

  private static Map<String, String> read(String line) throws IOException {
    Map<String, String> fields = new HashMap<>();
    try (JsonParser json = JSON.createParser(line)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        return fields;
      }
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String name = json.currentName();
        JsonToken value = json.nextToken();
        if (!WANTED.contains(name)) {
          json.skipChildren();
        } else if (value == JsonToken.START_ARRAY) {
          fields.put(name, bytes(json));
        } else if (value.isScalarValue() && value != JsonToken.VALUE_NULL) {
          fields.put(name, json.getText());
        } else {
          json.skipChildren();
        }
      }
    }
    return fields;
  }

  /** journald writes a message that is not UTF-8 text as an array of its bytes. */
  private static String bytes(JsonParser json) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    StringBuilder texts = new StringBuilder();
    int depth = 1;
    while (depth > 0) {
      JsonToken token = json.nextToken();
      if (token == null) {
        break;
      } else if (token.isStructStart()) {
        depth++;
      } else if (token.isStructEnd()) {
        depth--;
      } else if (token == JsonToken.VALUE_NUMBER_INT) {
        bytes.write(json.getValueAsInt());
      } else if (token == JsonToken.VALUE_STRING) {
        texts.append(json.getText());
      }
    }
    return bytes.toString(StandardCharsets.UTF_8) + texts;
  }
}
