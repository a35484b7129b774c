package dev.heal.dsl.vocabulary;

/** How a signal speaks. */
public enum SignalKind {
  /** A number that goes up and down. */
  GAUGE,
  /** A number that only grows, until it is reset. */
  COUNTER,
  /** True or false. */
  FLAG,
  /** One word, or several, of a known set; {@code nvml.recovery_action}. */
  WORD,
  /**
   * Something that happens at a moment: {@code xid}, {@code log}, {@code exit}, {@code oom_kill}.
   */
  EVENT,
  /** A sign of life; only its silence is asked for. */
  HEARTBEAT,
  /** A text that the site declares and that does not change: {@code node.pool}. */
  ATTRIBUTE;

  public boolean isNumber() {
    return this == GAUGE || this == COUNTER;
  }

  /** Whether it has a value between two facts, so that silence makes it unknown. */
  public boolean isLevel() {
    return this == GAUGE || this == COUNTER || this == FLAG || this == WORD;
  }
}
