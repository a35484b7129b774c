package dev.heal.engine.schedule;

import java.util.Locale;

/**
 * What an operator is told about a command.
 *
 * @param text in the operator's words, lower case, no full stop
 */
public record Answer(Kind kind, String text) {
  /** How it went. */
  public enum Kind {
    DONE,
    /** It was so before: nothing has changed. */
    ALREADY,
    /** There is nothing of that name or number. */
    NO_SUCH,
    /** There is, but it may not be done. */
    REFUSED,
    /** The command itself makes no sense. */
    MALFORMED;

    /** {@code no_such}. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  static Answer done(String text) {
    return new Answer(Kind.DONE, text);
  }

  static Answer already(String text) {
    return new Answer(Kind.ALREADY, text);
  }

  static Answer noSuch(String text) {
    return new Answer(Kind.NO_SUCH, text);
  }

  static Answer refused(String text) {
    return new Answer(Kind.REFUSED, text);
  }

  /** Whether it is now as the operator wants it. */
  public boolean isFine() {
    return kind == Kind.DONE || kind == Kind.ALREADY;
  }
}
