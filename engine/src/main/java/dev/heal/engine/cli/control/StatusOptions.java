package dev.heal.engine.cli.control;

import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code heal status}. */
@Command(
    name = "status",
    description =
        "Shows a running engine: what it may do, what is wrong, what waits for you, what it hears.")
public final class StatusOptions extends EngineOptions {
  @Option(names = "--all", description = "Each entity, also those that are well.")
  private boolean everything;

  @Override
  List<String> words() {
    return List.of("status");
  }

  @Override
  public boolean asks() {
    return true;
  }

  @Override
  boolean all() {
    return everything;
  }
}
