package dev.heal.nvml.metric;

/** How often a metric is worth its calls. */
public enum Cadence {
  /** Every second: a few calls a GPU. */
  FAST,
  /** Every 10 s or more: limits, error counts by location, each NVLink, processes. */
  SLOW
}
