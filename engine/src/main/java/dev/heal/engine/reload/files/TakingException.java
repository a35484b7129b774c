package dev.heal.engine.reload.files;

/** The files could not be taken as a whole; the message says why, in the operator's words. */
public final class TakingException extends Exception {
  private static final long serialVersionUID = 1L;

  private final String help;

  TakingException(String message, String help) {
    super(message);
    this.help = help;
  }

  /** What to do about it. */
  public String help() {
    return help;
  }
}
