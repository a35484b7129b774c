package dev.heal.nvml.metric;

import dev.heal.nvml.answer.Answer;
import dev.heal.nvml.session.Gpu;
import java.util.List;
import java.util.Optional;

/** What was read of one GPU at one time. */
public record GpuSamples(Gpu gpu, List<Sample> samples) {
  public GpuSamples {
    samples = List.copyOf(samples);
  }

  /** Of the whole GPU; empty where it was not read this time. */
  public Optional<Answer<Value>> of(Metric metric) {
    return samples.stream()
        .filter(sample -> sample.metric() == metric && sample.part().isEmpty())
        .map(Sample::answer)
        .findFirst();
  }
}
