package dev.heal.engine.cli;

import dev.heal.engine.loop.SpanText;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import picocli.CommandLine.Option;

/** {@code --since 12h}: what is older is of no interest. */
final class SinceOption {
  @Option(
      names = "--since",
      paramLabel = "TIME",
      description = "Only the last 30m, 12h or 2d, for example.")
  private Optional<String> since = Optional.empty();

  boolean isGiven() {
    return since.isPresent();
  }

  /**
   * From when on, in nanoseconds since the epoch; empty: from the beginning.
   *
   * @throws UsageException where it is no time
   */
  OptionalLong from(long now) {
    if (since.isEmpty()) {
      return OptionalLong.empty();
    }
    Duration span =
        SpanText.parse(since.get())
            .orElseThrow(
                () ->
                    new UsageException(
                        "`%s` is not a time, such as 30m or 12h".formatted(since.get())));
    return OptionalLong.of(now - span.toNanos());
  }

  /** The clock on the wall, in nanoseconds since the epoch. */
  static long now() {
    Instant now = Instant.now();
    return Math.addExact(Math.multiplyExact(now.getEpochSecond(), 1_000_000_000L), now.getNano());
  }
}
