package dev.heal.engine.source.container.log;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How far one channel was taken. The engine has no numbers for lines, only stamps, which several
 * lines may share: podman before 4.4 has them in whole seconds.
 *
 * @param container its id: another one has another log; empty where there was none
 * @param at the stamp of the last line, in nanoseconds since 1970 by the engine's clock; 0 where
 *     there was none
 * @param lines how many lines of this stamp were taken
 */
public record LogPlace(String container, long at, long lines) {
  private static final Pattern TEXT = Pattern.compile("([0-9a-f]{1,64}|-) (\\d{1,19}) (\\d{1,18})");

  /** Before the first line. */
  static LogPlace beginning(String container) {
    return new LogPlace(container, 0, 0);
  }

  /** Behind one more line. */
  LogPlace behind(long stamp) {
    return new LogPlace(container, stamp, stamp == at ? lines + 1 : 1);
  }

  /** It in words that {@link #parse} reads. */
  public String text() {
    return "%s %d %d".formatted(container.isEmpty() ? "-" : container, at, lines);
  }

  /** Empty where the text is of another version. */
  public static Optional<LogPlace> parse(String text) {
    Matcher matcher = TEXT.matcher(text);
    try {
      return matcher.matches()
          ? Optional.of(
              new LogPlace(
                  matcher.group(1).equals("-") ? "" : matcher.group(1),
                  Long.parseLong(matcher.group(2)),
                  Long.parseLong(matcher.group(3))))
          : Optional.empty();
    } catch (NumberFormatException tooLarge) {
      return Optional.empty();
    }
  }
}
