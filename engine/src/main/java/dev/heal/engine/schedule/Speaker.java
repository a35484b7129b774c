package dev.heal.engine.schedule;

import java.util.Objects;

/**
 * Who commands, and why.
 *
 * @param name of a person, as far as the host knows it
 * @param because may be empty
 */
public record Speaker(String name, String because) {
  public Speaker {
    Objects.requireNonNull(because);
    if (name.isBlank()) {
      throw new IllegalArgumentException("a command is somebody's");
    }
  }

  /** {@code by alice: new firmware}. */
  String words() {
    return "by " + name + (because.isEmpty() ? "" : ": " + because);
  }
}
