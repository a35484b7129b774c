package dev.heal.engine.source.inbox;

import java.util.Objects;

/**
 * What was dropped since the last report.
 *
 * @param source the name under which it was offered
 * @param count at least 1
 */
public record Drops(Importance importance, String source, long count) {
  public Drops {
    Objects.requireNonNull(importance);
    Objects.requireNonNull(source);
    if (count < 1) {
      throw new IllegalArgumentException("dropped " + count);
    }
  }
}
