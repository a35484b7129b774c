package dev.heal.engine.cli;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Times as the language writes them: {@code 500ms}, {@code 1s}, {@code 10m}, {@code 2h}. */
final class DurationText {
  private static final Map<String, Duration> UNITS =
      Map.of(
          "ms", Duration.ofMillis(1),
          "s", Duration.ofSeconds(1),
          "m", Duration.ofMinutes(1),
          "h", Duration.ofHours(1));
  private static final int MOST_DIGITS = 9;

  private DurationText() {}

  static Optional<Duration> parse(String text) {
    int digits = 0;
    while (digits < text.length() && Character.digit(text.charAt(digits), 10) >= 0) {
      digits++;
    }
    if (digits == 0 || digits > MOST_DIGITS) {
      return Optional.empty();
    }
    long number = Long.parseLong(text, 0, digits, 10);
    return Optional.ofNullable(UNITS.get(text.substring(digits)))
        .map(unit -> unit.multipliedBy(number));
  }
}
