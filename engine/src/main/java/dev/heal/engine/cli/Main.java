package dev.heal.engine.cli;

import java.util.List;

/** The entry point of the process; everything else is reachable without ending it. */
public final class Main {
  private Main() {}

  /** Runs one command and ends the process with its exit code. */
  public static void main(String[] arguments) {
    Console console = Console.ofProcess(System.getenv());
    HealCommand heal = new HealCommand(Commands.all(), console, System.getenv());
    List<String> line = List.of(arguments);
    String warmUp = System.getProperty("heal.warmup", "");
    ExitCode code = warmUp.isEmpty() ? heal.run(line) : WarmUp.run(warmUp, line);
    System.exit(code.number());
  }
}
