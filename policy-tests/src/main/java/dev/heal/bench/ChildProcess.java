package dev.heal.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Another process, watched from outside while it runs. */
final class ChildProcess {
  private static final long LOOK_EVERY_MILLIS = 20;

  private ChildProcess() {}

  /**
   * What it took. The processor time is that of the last look, 20 ms before the end at most.
   *
   * @param residentKib the most; empty where the system does not tell
   */
  record Usage(int exit, double wall, double processor, Optional<Long> residentKib) {}

  /**
   * Runs a command to its end.
   *
   * @param output gets what it writes on standard output
   * @param errors gets what it writes on standard error
   */
  static Usage run(List<String> command, Path output, Path errors) throws IOException {
    long start = System.nanoTime();
    Process process =
        new ProcessBuilder(command)
            .redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")))
            .redirectOutput(output.toFile())
            .redirectError(errors.toFile())
            .start();
    Duration processor = Duration.ZERO;
    Optional<Long> resident = Optional.empty();
    try {
      while (!process.waitFor(LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS)) {
        processor = process.info().totalCpuDuration().orElse(processor);
        Optional<Long> now = mostResidentKib(process.pid());
        resident = now.isPresent() ? now : resident;
      }
    } catch (InterruptedException stop) {
      process.destroy();
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while " + command.get(0) + " ran", stop);
    }
    double wall = (System.nanoTime() - start) / 1e9;
    return new Usage(process.exitValue(), wall, processor.toNanos() / 1e9, resident);
  }

  private static Optional<Long> mostResidentKib(long pid) {
    try (Stream<String> lines = Files.lines(Path.of("/proc/" + pid + "/status"))) {
      return lines
          .filter(line -> line.startsWith("VmHWM:"))
          .findFirst()
          .map(line -> Long.parseLong(line.replaceAll("[^0-9]", "")));
    } catch (IOException | java.io.UncheckedIOException ended) {
      return Optional.empty();
    }
  }
}
