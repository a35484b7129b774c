package dev.heal.engine.schedule;

/** What became of an order. A time-out is {@link Kind#UNKNOWN}: only verification resolves it. */
public record Outcome(Kind kind, String because) {
  /** The four ends of an order. */
  public enum Kind {
    DONE,
    FAILED,
    /** The actuator will not: the next rung is tried at once. */
    REFUSED,
    UNKNOWN
  }
}
