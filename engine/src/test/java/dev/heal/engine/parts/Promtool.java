package dev.heal.engine.parts;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Prometheus' own judge of metrics; without the package prometheus the test is skipped. */
public final class Promtool {
  private static final String PROGRAM = "/usr/bin/promtool";

  private Promtool() {}

  /** What it has against the text of an exporter; empty for nothing. */
  public static String check(String metrics, Path folder) throws IOException {
    Part.need("promtool", "prometheus", false, PROGRAM);
    Path file = Files.writeString(folder.resolve("metrics"), metrics);
    Process promtool =
        new ProcessBuilder(PROGRAM, "check", "metrics")
            .redirectInput(file.toFile())
            .redirectErrorStream(true)
            .start();
    String said =
        new String(promtool.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    int code = promtool.onExit().join().exitValue();
    return code == 0 ? said : said + " (exit code " + code + ")";
  }
}
