package dev.heal.nvml;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * NVIDIA's own library, out of Debian's package. It is fetched once into the build folder, and
 * nothing is installed.
 */
final class RealLibrary {
  private static final long PATIENCE_S = 60;

  private RealLibrary() {}

  static Optional<Path> find() throws IOException, InterruptedException {
    Path folder = Path.of(System.getProperty("heal.fake")).resolveSibling("real-nvml");
    Optional<Path> there = in(folder);
    if (there.isPresent()) {
      return there;
    }
    Files.createDirectories(folder);
    Path script = Path.of("real-nvml").toAbsolutePath();
    Process process =
        new ProcessBuilder("bash", script.toString(), folder.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile())
            .start();
    if (!process.waitFor(PATIENCE_S, TimeUnit.SECONDS)) {
      process.destroyForcibly();
    }
    return in(folder);
  }

  private static Optional<Path> in(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return Optional.empty();
    }
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(file -> file.getFileName().toString().startsWith("libnvidia-ml.so."))
          .filter(Files::isRegularFile)
          .findFirst();
    }
  }
}
