package dev.heal.engine.source.log;

import java.util.Objects;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What the stamps of a log leave out. Nothing here is read from a clock: the same log with the same
 * rules has the same times always. A stamp without a zone is UTC.
 *
 * @param bootedAt nanoseconds since 1970 at boot, for stamps that count from there. Without it the
 *     kernel's own lines at boot tell it, where the log has them ({@code audit(…): state=
 *     initialized}, {@code setting system clock to}); else such lines have no time.
 * @param year of the first line, for stamps without a year; one later each time that the months
 *     fall from December to January
 * @param newest nanoseconds since 1970 of the newest line that the log can have, such as the time
 *     of its file's last change: without {@code year}, a stamp is in the last year in which it is
 *     not later than this and a day. Without both, years start at 2000.
 */
public record StampRules(OptionalLong bootedAt, OptionalInt year, OptionalLong newest) {
  /** Nothing is known. */
  public static final StampRules NONE =
      new StampRules(OptionalLong.empty(), OptionalInt.empty(), OptionalLong.empty());

  public StampRules {
    Objects.requireNonNull(bootedAt);
    Objects.requireNonNull(year);
    Objects.requireNonNull(newest);
    if (year.isPresent() && (year.getAsInt() < 1970 || year.getAsInt() > 2261)) {
      throw new IllegalArgumentException("year " + year.getAsInt());
    }
  }
}
