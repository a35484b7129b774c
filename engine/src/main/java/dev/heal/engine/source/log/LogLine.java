package dev.heal.engine.source.log;

import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One line, taken out of its frame.
 *
 * @param number from 1, in the file
 * @param at nanoseconds since 1970-01-01T00:00:00Z
 * @param identifier who wrote it ({@code kernel}, {@code nv-fabricmanager}); empty for bare text
 * @param kernel whether the frame says that the kernel wrote it
 */
public record LogLine(
    long number,
    OptionalLong at,
    Optional<String> host,
    Optional<String> identifier,
    boolean kernel,
    String message) {
  public LogLine {
    Objects.requireNonNull(at);
    Objects.requireNonNull(host);
    Objects.requireNonNull(identifier);
    Objects.requireNonNull(message);
  }

  /** No frame was recognised: the whole line is the message, and anybody may have written it. */
  public boolean bare() {
    return !kernel && identifier.isEmpty();
  }
}
