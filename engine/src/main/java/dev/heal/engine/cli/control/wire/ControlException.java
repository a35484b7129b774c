package dev.heal.engine.cli.control.wire;

import java.io.IOException;

/** A command does not reach an engine: why, and what to do, in the operator's words. */
public final class ControlException extends IOException {
  private static final long serialVersionUID = 1L;

  private final String text;
  private final String help;

  public ControlException(String text, String help) {
    super(text);
    this.text = text;
    this.help = help;
  }

  /** With the failure below. */
  ControlException(String text, String help, Exception cause) {
    super(text, cause);
    this.text = text;
    this.help = help;
  }

  /** Why: lower case, no full stop. */
  public String text() {
    return text;
  }

  /** What to do about it. */
  public String help() {
    return help;
  }
}
