package dev.heal.engine.parts;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** What the real parts of tests have in common: the host, or a loud skip; processes; ports. */
final class Part {
  private Part() {}

  /**
   * Skips the test where the host lacks something.
   *
   * @param what {@code a real Redis}
   * @param packages of Debian
   */
  static void need(String what, String packages, boolean asRoot, String... programs) {
    for (String program : programs) {
      Assumptions.assumeTrue(
          Files.isExecutable(Path.of(program)),
          () ->
              "SKIPPED: %s takes `apt-get install %s`; there is no %s"
                  .formatted(what, packages, program));
    }
    Assumptions.assumeTrue(!asRoot || isRoot(), () -> "SKIPPED: " + what + " takes root");
  }

  static boolean isRoot() {
    try {
      return Files.readString(Path.of("/proc/self/status")).contains("\nUid:\t0\t");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static int freePort() {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Starts a process whose output goes to a file. */
  static Process start(Path log, Map<String, String> environment, List<String> argv) {
    ProcessBuilder builder =
        new ProcessBuilder(argv)
            .redirectErrorStream(true)
            .redirectInput(Path.of("/dev/null").toFile())
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    builder.environment().putAll(environment);
    try {
      return builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Runs a command to its end; what it said, or a failure with that. */
  static String run(Map<String, String> environment, List<String> argv) {
    return said(environment, argv, 0);
  }

  /** Runs a command that is to end with this code; what it said, or a failure with that. */
  static String said(Map<String, String> environment, List<String> argv, int code) {
    ProcessBuilder builder =
        new ProcessBuilder(argv)
            .redirectErrorStream(true)
            .redirectInput(Path.of("/dev/null").toFile());
    builder.environment().putAll(environment);
    try {
      Process process = builder.start();
      String said =
          new String(
              process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
      if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != code) {
        throw new AssertionError(argv + " ended with " + process.exitValue() + ": " + said);
      }
      return said.strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Ends it: politely, then for sure. */
  static void end(Process process) {
    process.destroy();
    try {
      if (!process.waitFor(5, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    process.destroyForcibly();
    process.onExit().join();
  }
}
