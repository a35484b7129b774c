package dev.heal.engine.reload.store;

import java.io.IOException;

/** A generation cannot be kept or had: why, and what to do, in the operator's words. */
public final class StoreException extends IOException {
  private static final long serialVersionUID = 1L;

  /** The kinds, told apart by programs. */
  public enum Kind {
    /** There is no such generation. */
    ABSENT("absent"),
    /** Its bytes are not those that were kept. */
    DAMAGED("damaged"),
    /** The disk has no room. */
    FULL("full"),
    /** The disk does not do what it is asked. */
    DISK("disk");

    private final String word;

    Kind(String word) {
      this.word = word;
    }

    /** For metrics and JSON. */
    public String word() {
      return word;
    }
  }

  private final Kind kind;
  private final String text;
  private final String help;

  StoreException(Kind kind, String text, String help) {
    super(text);
    this.kind = kind;
    this.text = text;
    this.help = help;
  }

  StoreException(Kind kind, String text, String help, IOException cause) {
    super(text, cause);
    this.kind = kind;
    this.text = text;
    this.help = help;
  }

  public Kind kind() {
    return kind;
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
