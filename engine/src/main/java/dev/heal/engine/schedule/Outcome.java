package dev.heal.engine.schedule;

import java.util.Locale;

/** What became of an order. A time-out is {@link Kind#UNKNOWN}: only verification resolves it. */
public record Outcome(Kind kind, String because) {
  /** The ends of an order. */
  public enum Kind {
    DONE,
    FAILED,
    /** The actuator will not: the next rung is tried at once. */
    REFUSED,
    UNKNOWN,
    /** It could not be written down, so nothing was touched: it is tried again. */
    NOT_BEGUN;

    /** {@code not_begun}. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
