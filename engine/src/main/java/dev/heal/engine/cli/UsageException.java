package dev.heal.engine.cli;

/** The command line does not make sense; the message is for the operator, without a stack. */
public final class UsageException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String explanation;

  /** The message says what is wrong, lower case, what the operator typed in back quotes. */
  public UsageException(String message) {
    super(message);
    this.explanation = message;
  }

  String explanation() {
    return explanation;
  }
}
