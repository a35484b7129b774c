package dev.heal.nvml.control;

/** The clocks between which a GPU may choose, in MHz, both included. */
public record ClockRange(int lowest, int highest) {
  public ClockRange {
    if (lowest < 0 || highest < lowest) {
      throw new IllegalArgumentException(
          "no range of clocks: %d to %d MHz".formatted(lowest, highest));
    }
  }
}
