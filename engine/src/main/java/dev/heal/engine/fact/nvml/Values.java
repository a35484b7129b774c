package dev.heal.engine.fact.nvml;

import dev.heal.nvml.metric.Value;

/** Values of the bridge as numbers. */
final class Values {
  private Values() {}

  /** A flag is 1 or 0; words have no number. */
  static double number(Value value) {
    if (value instanceof Value.Gauge gauge) {
      return gauge.value();
    }
    if (value instanceof Value.Count count) {
      return count.value();
    }
    if (value instanceof Value.Flag flag) {
      return flag.on() ? 1 : 0;
    }
    throw new IllegalArgumentException("not a number: " + value);
  }
}
