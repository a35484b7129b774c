package dev.heal.nvml.metric;

import dev.heal.nvml.answer.Answer;

/** A slice of a GPU in MIG mode. */
public record MigInstance(
    String uuid,
    int gpuInstance,
    int computeInstance,
    Answer<Double> memoryUsedBytes,
    Answer<Double> memoryTotalBytes) {}
