package dev.heal.engine.cli;

import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Runs the usual commands once, their output thrown away, while the launcher has the virtual
 * machine record which classes they load. What fails here fails again, and loudly, when an operator
 * asks for it.
 */
final class WarmUp {
  private WarmUp() {}

  /**
   * @param arguments the folder of shipped packs, which {@code check}, {@code fmt}, {@code test}
   *     and {@code compile} read
   */
  static ExitCode run(List<String> arguments) {
    HealCommand heal =
        new HealCommand(
            Commands.all(),
            Console.of(
                InputStream.nullInputStream(),
                OutputStream.nullOutputStream(),
                OutputStream.nullOutputStream()),
            Map.of());
    heal.run(List.of("--help"));
    heal.run(List.of("--version"));
    heal.run(List.of("no-such-command"));
    for (Commands.Entry entry : Commands.all().entries()) {
      heal.run(List.of(entry.name(), "--help"));
    }
    if (!arguments.isEmpty() && Files.isDirectory(Path.of(arguments.get(0)))) {
      String packs = arguments.get(0);
      heal.run(List.of("check", packs));
      heal.run(List.of("fmt", "--check", packs));
      heal.run(List.of("test", packs));
    }
    return ExitCode.FINE;
  }
}
