package dev.heal.nvml.metric;

import java.util.Optional;

/**
 * A process that holds a GPU.
 *
 * @param name as {@code /proc/PID/comm} has it; empty where it has ended or is in another PID
 *     namespace
 * @param memoryBytes empty where the driver does not tell
 */
public record GpuProcess(
    long pid,
    Optional<String> name,
    Optional<Long> memoryBytes,
    Optional<Integer> gpuInstance,
    Optional<Integer> computeInstance) {}
