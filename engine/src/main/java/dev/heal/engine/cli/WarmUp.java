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

  /** The commands that the launcher starts without the rule engine's libraries. */
  private static final List<String> LIGHT =
      List.of(
          "check",
          "fmt",
          "status",
          "approve",
          "reject",
          "clear",
          "pause",
          "resume",
          "maintenance",
          "breaker",
          "reload",
          "tune",
          "rollback");

  /**
   * Runs what belongs to a start of this weight.
   *
   * @param weight {@code light} or {@code full}
   * @param arguments the folder of shipped packs
   */
  static ExitCode run(String weight, List<String> arguments) {
    Console console =
        Console.of(
            InputStream.nullInputStream(),
            OutputStream.nullOutputStream(),
            OutputStream.nullOutputStream());
    Commands commands = Commands.all();
    HealCommand heal = new HealCommand(commands, console, Map.of());
    if (weight.equals("light")) {
      heal.run(List.of("--help"));
      heal.run(List.of("--version"));
      heal.run(List.of("no-such-command"));
    }
    for (String name : commands.names()) {
      if (LIGHT.contains(name) == weight.equals("light")) {
        heal.run(List.of(name, "--help"));
        heal.run(List.of(name, "--no-such-option"));
      }
    }
    if (!arguments.isEmpty() && Files.isDirectory(Path.of(arguments.get(0)))) {
      String packs = arguments.get(0);
      heal.run(List.of("check", packs));
      heal.run(weight.equals("light") ? List.of("fmt", "--check", packs) : List.of("test", packs));
    }
    return ExitCode.FINE;
  }
}
