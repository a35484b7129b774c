package dev.heal.bench.stream;

import java.util.List;

/**
 * A signal of a GPU with a range in which thresholds make sense.
 *
 * @param unit as a policy spells it; empty for a bare number
 * @param unitInBase one unit, in the base unit of the signal
 * @param low the lowest threshold, in units; normal values lie below
 * @param high the highest threshold, in units
 */
public record Gauge(String signal, String unit, double unitInBase, double low, double high) {
  /** Ten signals that a driver gives as numbers. */
  public static final List<Gauge> ALL =
      List.of(
          new Gauge("nvml.temperature", "C", 1, 60, 120),
          new Gauge("nvml.temperature_margin", "C", 1, 20, 100),
          new Gauge("nvml.memory_temperature", "C", 1, 60, 120),
          new Gauge("nvml.power", "W", 1, 600, 2_200),
          new Gauge("nvml.utilization", "%", 0.01, 60, 99),
          new Gauge("nvml.memory_used", "%", 0.01, 60, 99),
          new Gauge("nvml.sm_clock", "MHz", 1e6, 1_500, 4_000),
          new Gauge("nvml.ecc_corrected", "", 1, 3_000, 9_000),
          new Gauge("nvml.ecc_uncorrected", "", 1, 3_000, 9_000),
          new Gauge("nvml.nvlink_errors", "", 1, 3_000, 9_000));

  /** So that what is normal below the lowest threshold is a physical value. */
  private static final int FEWEST_STEPS = 8;

  /** The distance between two thresholds where there are {@code levels} of them, in units. */
  double step(int levels) {
    return (high - low) / Math.max(levels, FEWEST_STEPS);
  }
}
