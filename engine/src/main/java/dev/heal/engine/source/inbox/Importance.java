package dev.heal.engine.source.inbox;

/** What is dropped last comes first. */
public enum Importance {
  /** Faults, exits of processes, reports of repairs, commands: each is there once only. */
  FAULT,
  /** Results of health checks and heartbeats: the next one says the same. */
  HEALTH,
  /** Samples of metrics. */
  SAMPLE,
  /** Log lines in which nothing was recognised. */
  NOISE;
}
