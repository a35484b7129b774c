package dev.heal.nvml;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heal.nvml.answer.Answer;
import dev.heal.nvml.answer.Problem;
import dev.heal.nvml.metric.Cadence;
import dev.heal.nvml.session.Driver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Hosts without a driver, or without the library. */
class BridgeWithoutDriverTest {
  private static final Path CONTROL_NODE = Path.of("/dev/nvidiactl");

  @TempDir private Path folder;

  private static Answer<Driver> ask(String library) {
    try (NvmlBridge bridge = NvmlBridge.open(NvmlOptions.ofThisHost().withLibrary(library))) {
      assertThat(bridge.poll(EnumSet.allOf(Cadence.class)).gpus()).isEmpty();
      return bridge.driver();
    }
  }

  @Test
  void aMissingLibraryIsAnAnswer() {
    Problem problem = ask("libnvidia-ml.so.99").problem().orElseThrow();

    assertThat(problem.kind()).isEqualTo(Problem.Kind.LIBRARY_MISSING);
    assertThat(problem.text())
        .startsWith("cannot load `libnvidia-ml.so.99`: ")
        .endsWith("No such file or directory");
  }

  @Test
  void anotherLibraryIsNotNvml() {
    assertThat(ask("libc.so.6").problem().orElseThrow().toString())
        .isEqualTo("library missing: `libc.so.6` is not NVML: it has no nvmlInit_v2");
  }

  @Test
  void aFileThatIsNoLibraryIsAnAnswer() throws IOException {
    Path text = Files.writeString(folder.resolve("libnvidia-ml.so.1"), "not a library");

    assertThat(ask(text.toString()).problem().orElseThrow().kind())
        .isEqualTo(Problem.Kind.LIBRARY_MISSING);
    assertThat(ask(folder.toString()).problem().orElseThrow().kind())
        .as("a folder")
        .isEqualTo(Problem.Kind.LIBRARY_MISSING);
  }

  @Test
  void nvidiasOwnLibrarySaysThatTheDriverIsNotLoaded() throws Exception {
    Assumptions.assumeFalse(
        Files.exists(Path.of("/proc/driver/nvidia")), "SKIPPED: there is a driver on this host");
    Optional<Path> real = RealLibrary.find();
    Assumptions.assumeTrue(
        real.isPresent(),
        "SKIPPED: NVIDIA's libnvidia-ml1 cannot be had here (no apt, no network)");

    boolean nodeWasThere = Files.exists(CONTROL_NODE);
    Problem problem = ask(real.get().toString()).problem().orElseThrow();

    assertThat(problem.kind()).isEqualTo(Problem.Kind.DRIVER_NOT_LOADED);
    assertThat(problem.code()).isEqualTo(9);
    if (!nodeWasThere) {
      Files.deleteIfExists(CONTROL_NODE); // NVIDIA's library makes it, where root asks
    }
  }
}
