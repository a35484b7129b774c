package dev.heal.engine.reload;

import java.time.Duration;
import java.util.Optional;

/**
 * {@code heal tune NAME VALUE [--for 2h]}, or the end of one.
 *
 * @param name of the tune, qualified by the import's alias
 * @param value as a file would spell it: {@code 90C}; empty: as its file says again
 * @param length for so long; empty: until somebody ends it
 * @param by who says so
 * @param because why; may be empty
 */
public record TuneRequest(
    String name, Optional<String> value, Optional<Duration> length, String by, String because) {
  public TuneRequest {
    value = value.map(String::strip);
  }

  /** {@code by ann: the inlet is warm today}. */
  String speaker() {
    return "by " + by + (because.isBlank() ? "" : ": " + because);
  }
}
