package dev.heal.engine.actuate;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What acts that stand on a target have replaced, as one line: {@code power=700.0&clocks=none}.
 *
 * @param values by what was replaced
 */
record Memento(SortedMap<String, String> values) {
  static final Memento NOTHING = new Memento(new TreeMap<>());

  Memento {
    values = new TreeMap<>(values);
  }

  static Memento of(Map<String, String> values) {
    return new Memento(new TreeMap<>(values));
  }

  static Memento parse(Optional<String> line) {
    SortedMap<String, String> values = new TreeMap<>();
    for (String pair : line.orElse("").split("&", -1)) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        values.put(decoded(pair.substring(0, equals)), decoded(pair.substring(equals + 1)));
      }
    }
    return new Memento(values);
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  /** What was replaced first stays: it is what was there before anybody acted. */
  Memento on(Memento earlier) {
    SortedMap<String, String> both = new TreeMap<>(values);
    both.putAll(earlier.values);
    return new Memento(both);
  }

  Optional<String> value(String name) {
    return Optional.ofNullable(values.get(name));
  }

  boolean isEmpty() {
    return values.isEmpty();
  }

  String line() {
    return values.entrySet().stream()
        .map(e -> encoded(e.getKey()) + "=" + encoded(e.getValue()))
        .collect(Collectors.joining("&"));
  }
}
