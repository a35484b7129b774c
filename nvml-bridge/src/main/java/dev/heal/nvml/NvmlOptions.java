package dev.heal.nvml;

import dev.heal.nvml.binding.NvmlLibrary;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/**
 * How NVML is reached.
 *
 * @param library a name that the dynamic linker finds, or a path
 * @param resetTool the {@code nvidia-smi} of the driver; empty for the one on the PATH
 * @param patience how long a poll waits for a GPU that does not answer
 * @param clock stamps samples and events
 */
public record NvmlOptions(
    String library, Optional<Path> resetTool, Duration patience, InstantSource clock) {
  private static final Duration PATIENCE = Duration.ofMillis(800);

  /** The driver of this host. */
  public static NvmlOptions ofThisHost() {
    return new NvmlOptions(NvmlLibrary.DEFAULT, Optional.empty(), PATIENCE, InstantSource.system());
  }

  /** Another library than that of this host. */
  public NvmlOptions withLibrary(String other) {
    return new NvmlOptions(other, resetTool, patience, clock);
  }

  /** Another tool to reset GPUs with. */
  public NvmlOptions withResetTool(Path tool) {
    return new NvmlOptions(library, Optional.of(tool), patience, clock);
  }

  /** Another patience. */
  public NvmlOptions withPatience(Duration other) {
    return new NvmlOptions(library, resetTool, other, clock);
  }
}
