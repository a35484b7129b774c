package dev.heal.engine.source.log;

import java.util.Objects;
import java.util.OptionalLong;

/**
 * When a line was written, as far as the line and what is known of the log say.
 *
 * @param wall nanoseconds since 1970-01-01T00:00:00Z
 * @param uptime nanoseconds since boot
 */
public record Stamp(OptionalLong wall, OptionalLong uptime) {
  /** The line does not say. */
  public static final Stamp NONE = new Stamp(OptionalLong.empty(), OptionalLong.empty());

  public Stamp {
    Objects.requireNonNull(wall);
    Objects.requireNonNull(uptime);
  }

  static Stamp wall(OptionalLong at) {
    return at.isEmpty() ? NONE : new Stamp(at, OptionalLong.empty());
  }
}
