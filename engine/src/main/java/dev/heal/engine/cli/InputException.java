package dev.heal.engine.cli;

import java.io.IOException;

/** An input that cannot be read as it is: why, and what to do, in the operator's words. */
final class InputException extends IOException {
  private static final long serialVersionUID = 1L;

  private final String help;

  InputException(String message, String help) {
    super(message);
    this.help = help;
  }

  /** What to do about it. */
  String help() {
    return help;
  }
}
