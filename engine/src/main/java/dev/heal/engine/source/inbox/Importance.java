package dev.heal.engine.source.inbox;

/** What is dropped last comes first. */
public enum Importance {
  /**
   * What the engine has itself asked for: outcomes of its orders, commands. Never dropped: whoever
   * sends them bounds their number.
   */
  CONTROL,
  /** Faults, exits of processes: each is there once only. */
  FAULT,
  /** Results of health checks and heartbeats: the next one says the same. */
  HEALTH,
  /** Samples of metrics. */
  SAMPLE,
  /** Log lines in which nothing was recognised. */
  NOISE;
}
