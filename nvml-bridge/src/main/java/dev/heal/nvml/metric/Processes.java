package dev.heal.nvml.metric;

import dev.heal.nvml.answer.Answer;
import dev.heal.nvml.binding.Device;
import dev.heal.nvml.binding.Structs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The processes that hold a GPU. */
final class Processes {
  /** {@code NVML_VALUE_NOT_AVAILABLE}. */
  private static final long NOT_AVAILABLE = -1L;

  private static final int NO_INSTANCE = -1;

  private Processes() {}

  static Answer<List<GpuProcess>> of(Device device) {
    return device.processes().map(found -> found.stream().map(Processes::named).toList());
  }

  private static GpuProcess named(Structs.ProcessInfo info) {
    long pid = Integer.toUnsignedLong(info.pid);
    return new GpuProcess(
        pid,
        name(pid),
        info.usedGpuMemory == NOT_AVAILABLE ? Optional.empty() : Optional.of(info.usedGpuMemory),
        instance(info.gpuInstanceId),
        instance(info.computeInstanceId));
  }

  static Optional<Integer> instance(int id) {
    return id == NO_INSTANCE ? Optional.empty() : Optional.of(id);
  }

  private static Optional<String> name(long pid) {
    try {
      return Optional.of(Files.readString(Path.of("/proc/" + pid + "/comm")).strip());
    } catch (IOException ended) {
      return Optional.empty(); // it has ended, or is in another PID namespace
    }
  }
}
