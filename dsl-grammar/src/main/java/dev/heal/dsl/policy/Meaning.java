package dev.heal.dsl.policy;

import java.util.ArrayList;
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

  /** The order of the parts, and parentheses around parts of the same kind, mean nothing. */
  static String joined(String word, Condition whole) {
    List<Condition> parts = new ArrayList<>();
    gather(whole, whole.getClass(), parts);
    return parts.stream()
        .map(Condition::meaning)
        .sorted()
        .collect(Collectors.joining(" " + word + " ", "(", ")"));
  }

  private static void gather(Condition part, Class<?> kind, List<Condition> into) {
    if (part.getClass() == kind) {
      part.parts().forEach(one -> gather(one, kind, into));
    } else {
      into.add(part);
    }
  }

  static String quote(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
  }

  static String quoted(Collection<String> texts) {
    return texts.stream().map(Meaning::quote).collect(Collectors.joining(",", "[", "]"));
  }
}
