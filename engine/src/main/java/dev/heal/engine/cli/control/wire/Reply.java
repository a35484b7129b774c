package dev.heal.engine.cli.control.wire;

import java.util.Objects;

/**
 * What an engine answers.
 *
 * @param outcome {@code done}, {@code already}, {@code no_such}, {@code refused}, {@code
 *     malformed}; {@code failed} where the engine could not answer
 * @param message one line for people; empty where the body says it all
 * @param body what was asked for: text, or JSON on one line
 */
public record Reply(String outcome, String message, String body) {
  /** The engine could not do or answer it. */
  public static final String FAILED = "failed";

  public Reply {
    Objects.requireNonNull(message);
    Objects.requireNonNull(body);
    if (outcome.isBlank()) {
      throw new IllegalArgumentException("a reply has an outcome");
    }
  }

  static Reply failed(String message) {
    return new Reply(FAILED, message, "");
  }
}
