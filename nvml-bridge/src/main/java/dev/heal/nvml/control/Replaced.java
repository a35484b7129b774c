package dev.heal.nvml.control;

import dev.heal.nvml.answer.Answer;
import dev.heal.nvml.session.Gpu;
import java.util.Optional;

/** What was in force before a change. */
public sealed interface Replaced {
  Gpu gpu();

  /** Puts it back; gives what was there meanwhile. */
  Answer<Replaced> restore(GpuControl control);

  /** A power limit. */
  record PowerLimit(Gpu gpu, double watts) implements Replaced {
    @Override
    public Answer<Replaced> restore(GpuControl control) {
      return control.setPowerLimit(gpu, watts);
    }
  }

  /**
   * A lock of clocks.
   *
   * @param locked what this bridge had locked before; empty where it had not. NVML does not tell
   *     what others have locked
   */
  record Clocks(Gpu gpu, ClockDomain domain, Optional<ClockRange> locked) implements Replaced {
    @Override
    public Answer<Replaced> restore(GpuControl control) {
      return locked
          .map(range -> control.lockClocks(gpu, domain, range))
          .orElseGet(() -> control.resetClocks(gpu, domain));
    }
  }
}
