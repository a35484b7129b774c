package dev.heal.engine.source.log;

import java.util.Objects;
import java.util.Optional;

/**
 * One line, taken out of its frame.
 *
 * @param number from 1, in the file
 */
public record LogLine(long number, Stamp stamp, Origin origin, String message) {
  public LogLine {
    Objects.requireNonNull(stamp);
    Objects.requireNonNull(origin);
    Objects.requireNonNull(message);
  }

  /** Whether the frame says that the kernel wrote it. */
  public boolean kernel() {
    return origin.kernel();
  }

  /** The host that the frame names. */
  public Optional<String> host() {
    return origin.host();
  }

  /** The same with another message. */
  public LogLine saying(String other) {
    return new LogLine(number, stamp, origin, other);
  }

  LogLine with(Stamp other, String text) {
    return new LogLine(number, other, origin, text);
  }
}
