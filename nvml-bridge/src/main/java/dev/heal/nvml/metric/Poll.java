package dev.heal.nvml.metric;

import dev.heal.nvml.answer.Answer;
import dev.heal.nvml.session.Driver;
import java.time.Instant;
import java.util.List;

/**
 * What was read at one time.
 *
 * @param gpus all GPUs ever seen, those that no longer answer too; none where NVML never worked
 */
public record Poll(Instant at, Answer<Driver> driver, List<GpuSamples> gpus) {
  public Poll {
    gpus = List.copyOf(gpus);
  }
}
