package dev.heal.engine.schedule;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What a fault has captured, as one word: {@code job=j%207&rank=3}. */
final class Captures {
  /** Characters of one of them that are kept; those who act are told no more either. */
  private static final int MOST = 4096;

  private Captures() {}

  static Map<String, String> shortened(Map<String, String> captures) {
    Map<String, String> shortened = new TreeMap<>(captures);
    shortened.replaceAll((name, text) -> text.substring(0, Math.min(MOST, text.length())));
    return shortened;
  }

  static String word(Map<String, String> captures) {
    return new TreeMap<>(captures)
        .entrySet().stream()
            .map(one -> encoded(one.getKey()) + "=" + encoded(one.getValue()))
            .collect(Collectors.joining("&"));
  }

  /** Whether a word is one of these, and no other. */
  static boolean isWord(String word) {
    return word.indexOf('=') >= 0;
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  /** Empty where it is no such word. */
  static Optional<Map<String, String>> parse(String word) {
    Map<String, String> captures = new TreeMap<>();
    for (String pair : word.split("&", -1)) {
      int equals = pair.indexOf('=');
      if (equals <= 0) {
        return Optional.empty();
      }
      try {
        captures.put(
            URLDecoder.decode(pair.substring(0, equals), StandardCharsets.UTF_8),
            URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
      } catch (IllegalArgumentException malformed) {
        return Optional.empty();
      }
    }
    return Optional.of(captures);
  }
}
