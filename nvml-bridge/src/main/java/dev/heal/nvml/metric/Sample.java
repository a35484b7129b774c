package dev.heal.nvml.metric;

import dev.heal.nvml.answer.Answer;

/**
 * A metric of a GPU, or of a part of it.
 *
 * @param part empty for the whole GPU; else {@code link 3}, {@code dram}
 */
public record Sample(Metric metric, String part, Answer<Value> answer) {}
