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
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/** {@code journalctl -o json}, and the JSON lines of container runtimes ({@code log, time}). */
final class JsonFrame {
  private static final JsonFactory JSON = new JsonFactory();
  private static final Set<String> WANTED =
      Set.of(
          "MESSAGE",
          "PRIORITY",
          "__REALTIME_TIMESTAMP",
          "_SOURCE_MONOTONIC_TIMESTAMP",
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
      return Optional.of(
          new LogLine(number, stamp(fields, clock), origin(fields), message.stripTrailing()));
    }
    String log = fields.get("log");
    if (log != null) {
      Stamp stamp = Stamp.wall(LogClock.iso(fields.getOrDefault("time", "")));
      return Optional.of(new LogLine(number, stamp, Origin.UNKNOWN, log.stripTrailing()));
    }
    return Optional.empty();
  }

  /** When journald took it; else when it was written, since boot. */
  private static Stamp stamp(Map<String, String> fields, LogClock clock) {
    OptionalLong taken = LogClock.micros(fields.getOrDefault("__REALTIME_TIMESTAMP", ""));
    return taken.isPresent()
        ? Stamp.wall(taken)
        : clock.microsSinceBoot(fields.getOrDefault("_SOURCE_MONOTONIC_TIMESTAMP", ""));
  }

  private static Origin origin(Map<String, String> fields) {
    boolean kernel = "kernel".equals(fields.get("_TRANSPORT"));
    String tag =
        kernel
            ? "kernel"
            : fields.getOrDefault("SYSLOG_IDENTIFIER", fields.getOrDefault("_COMM", "-"));
    String level = fields.getOrDefault("PRIORITY", "");
    OptionalInt priority =
        level.length() == 1 && level.charAt(0) >= '0' && level.charAt(0) <= '7'
            ? OptionalInt.of(level.charAt(0) - '0')
            : OptionalInt.empty();
    return Origin.tagged(fields.getOrDefault("_HOSTNAME", "-"), tag, priority);
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
