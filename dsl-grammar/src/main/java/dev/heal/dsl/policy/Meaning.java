package dev.heal.dsl.policy;

import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/** Canonical text of what a condition means. */
final class Meaning {
  private Meaning() {}

  static String of(Reading reading) {
    return reading.isOwn()
        ? reading.signal().toString()
        : reading.from().word() + ">" + reading.signal();
  }

  static String joined(String word, List<Condition> parts) {
    return parts.stream()
        .map(Condition::meaning)
        .collect(Collectors.joining(" " + word + " ", "(", ")"));
  }

  static String quote(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
  }

  static String quoted(Collection<String> texts) {
    return texts.stream().map(Meaning::quote).collect(Collectors.joining(",", "[", "]"));
  }
}
