package dev.heal.nvml.control;

import dev.heal.nvml.answer.Answer;
import dev.heal.nvml.answer.Problem;
import dev.heal.nvml.session.Gpu;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** {@code nvidia-smi}, which the driver ships: NVML itself cannot reset a GPU. */
public final class ResetTool {
  private static final String NAME = "nvidia-smi";
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final int MOST_OUTPUT = 4096;

  private final Optional<Path> path;

  /**
   * One at a path, or the one of the search path.
   *
   * @param path empty for the first {@code nvidia-smi} on {@code PATH}
   */
  public ResetTool(Optional<Path> path) {
    this.path = path.or(ResetTool::onSearchPath);
  }

  private static Optional<Path> onSearchPath() {
    String search = Optional.ofNullable(System.getenv("PATH")).orElse("");
    return Stream.of(search.split(":", -1))
        .filter(folder -> !folder.isEmpty())
        .map(folder -> Path.of(folder, NAME))
        .filter(Files::isExecutable)
        .findFirst();
  }

  Answer<Path> check() {
    return path.filter(Files::isExecutable)
        .map(Answer::of)
        .orElseGet(
            () ->
                Answer.none(
                    Problem.Kind.NOT_SUPPORTED,
                    path.map(p -> "`" + p + "` cannot be run")
                        .orElse("there is no " + NAME + " on the PATH")));
  }

  /** Runs it, with its output kept in a file: a tool that hangs cannot hold us up. */
  Answer<String> run(Gpu gpu) {
    return check().then(tool -> run(tool, gpu));
  }

  private static Answer<String> run(Path tool, Gpu gpu) {
    String target = gpu.uuid().or(gpu::pci).orElse(Integer.toString(gpu.index()));
    try {
      Path output = Files.createTempFile("heal-reset", ".txt");
      try {
        Process process =
            new ProcessBuilder(tool.toString(), "--gpu-reset", "-i", target)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .redirectInput(Path.of("/dev/null").toFile())
                .start();
        if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
          process.destroyForcibly();
          return Answer.none(
              Problem.Kind.TIMED_OUT,
              "%s did not end within %d s".formatted(tool, PATIENCE.toSeconds()));
        }
        String said = said(output);
        return process.exitValue() == 0
            ? Answer.of(said)
            : Answer.none(
                new Problem(Problem.Kind.FAILED, process.exitValue(), tool + " said: " + said));
      } finally {
        Files.deleteIfExists(output);
      }
    } catch (IOException e) {
      return Answer.none(Problem.Kind.FAILED, "cannot run `%s`: %s".formatted(tool, e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Answer.none(Problem.Kind.TIMED_OUT, "interrupted while " + tool + " ran");
    }
  }

  private static String said(Path output) throws IOException {
    byte[] all = Files.readAllBytes(output);
    return new String(all, 0, Math.min(all.length, MOST_OUTPUT), StandardCharsets.UTF_8).strip();
  }
}
