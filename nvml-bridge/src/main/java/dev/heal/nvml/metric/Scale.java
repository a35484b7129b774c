package dev.heal.nvml.metric;

/** From NVML's unit to ours. */
enum Scale {
  SAME,
  /** From percent to a ratio. */
  PERCENT,
  /** From thousandths: mW, mJ. */
  MILLI,
  /** From MHz. */
  MEGA;

  double of(long number) {
    return switch (this) {
      case SAME -> number;
      case PERCENT -> number / 100.0;
      case MILLI -> number / 1000.0;
      case MEGA -> number * 1e6;
    };
  }
}
