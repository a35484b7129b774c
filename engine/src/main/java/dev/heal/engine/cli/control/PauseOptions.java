package dev.heal.engine.cli.control;

import java.util.List;
import picocli.CommandLine.Command;

/** {@code heal pause}. */
@Command(
    name = "pause",
    description =
        "Switches auto-repair off, over a restart too: all is seen, decided and recorded, nothing is"
            + " touched. Pages go out, and what was done is still undone.")
public final class PauseOptions extends ReasonedOptions {
  @Override
  List<String> command() {
    return List.of("pause");
  }
}
