package dev.heal.nvml.control;

import dev.heal.nvml.binding.Symbol;

/** Which clocks are locked. */
public enum ClockDomain {
  GPU(Symbol.LOCK_GPU_CLOCKS, Symbol.RESET_GPU_CLOCKS, 1),
  MEMORY(Symbol.LOCK_MEMORY_CLOCKS, Symbol.RESET_MEMORY_CLOCKS, 2);

  private final Symbol lock;
  private final Symbol reset;
  private final int clockType;

  ClockDomain(Symbol lock, Symbol reset, int clockType) {
    this.lock = lock;
    this.reset = reset;
    this.clockType = clockType;
  }

  Symbol lock() {
    return lock;
  }

  Symbol reset() {
    return reset;
  }

  /** {@code nvmlClockType_t}. */
  int clockType() {
    return clockType;
  }
}
