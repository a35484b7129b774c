package dev.heal.dsl.check;

import java.time.Duration;

/** Durations as operators write them. */
final class Durations {
  private Durations() {}

  /** {@code 1h30m}; whole milliseconds. */
  static String words(Duration span) {
    StringBuilder text = new StringBuilder();
    long millis = span.toMillis();
    long[] units = {86_400_000, 3_600_000, 60_000, 1_000, 1};
    String[] words = {"d", "h", "m", "s", "ms"};
    for (int i = 0; i < units.length; i++) {
      if (millis >= units[i]) {
        text.append(millis / units[i]).append(words[i]);
        millis %= units[i];
      }
    }
    return text.isEmpty() ? "0s" : text.toString();
  }
}
