package dev.heal.engine.reload.store;

import dev.heal.engine.reload.bundle.Digest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A small text of words and values, a line each, that closes with the SHA-256 of itself: whoever
 * reads it knows that it is whole.
 */
final class Fields {
  private static final String CHECK = "sha256 ";

  private record Field(String word, String value) {}

  private final List<Field> fields = new ArrayList<>();

  /** Adds a line; a line end in the value becomes a blank. */
  Fields put(String word, String value) {
    fields.add(new Field(word, value.replaceAll("\\R", " ")));
    return this;
  }

  Fields put(String word, Optional<?> value) {
    value.ifPresent(v -> put(word, v.toString()));
    return this;
  }

  Optional<String> find(String word) {
    return all(word).stream().findFirst();
  }

  List<String> all(String word) {
    return fields.stream().filter(f -> f.word().equals(word)).map(Field::value).toList();
  }

  /**
   * @throws IllegalArgumentException where there is no such line
   */
  String get(String word) {
    return find(word).orElseThrow(() -> new IllegalArgumentException("no " + word));
  }

  byte[] bytes() {
    StringBuilder text = new StringBuilder();
    fields.forEach(f -> text.append(f.word()).append(' ').append(f.value()).append('\n'));
    String body = text.toString();
    String check = Digest.of(body.getBytes(StandardCharsets.UTF_8)).hex();
    return (body + CHECK + check + "\n").getBytes(StandardCharsets.UTF_8);
  }

  /** Empty where the text is not whole. */
  static Optional<Fields> read(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.UTF_8);
    int check = text.lastIndexOf(CHECK);
    if (check < 0 || (check > 0 && text.charAt(check - 1) != '\n')) {
      return Optional.empty();
    }
    Fields fields = new Fields();
    for (String line : text.substring(0, check).lines().toList()) {
      int blank = line.indexOf(' ');
      if (blank < 0) {
        return Optional.empty();
      }
      fields.put(line.substring(0, blank), line.substring(blank + 1));
    }
    return java.util.Arrays.equals(fields.bytes(), bytes) ? Optional.of(fields) : Optional.empty();
  }
}
