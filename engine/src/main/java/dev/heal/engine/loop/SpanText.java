package dev.heal.engine.loop;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Spans of time as operators say them: {@code 4h}, {@code 1h30m}. */
public final class SpanText {
  private static final Pattern PART = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)");
  private static final Map<String, Duration> UNITS =
      Map.of(
          "ms", Duration.ofMillis(1),
          "s", Duration.ofSeconds(1),
          "m", Duration.ofMinutes(1),
          "h", Duration.ofHours(1),
          "d", Duration.ofDays(1));
  private static final Pattern SPAN = Pattern.compile("(\\d{1,9}(ms|s|m|h|d))+");

  private SpanText() {}

  /** Empty where it is none. */
  public static Optional<Duration> parse(String text) {
    if (!SPAN.matcher(text).matches()) {
      return Optional.empty();
    }
    Duration sum = Duration.ZERO;
    Matcher part = PART.matcher(text);
    while (part.find()) {
      sum =
          sum.plus(
              UNITS
                  .getOrDefault(part.group(2), Duration.ZERO)
                  .multipliedBy(Long.parseLong(part.group(1))));
    }
    return Optional.of(sum);
  }
}
