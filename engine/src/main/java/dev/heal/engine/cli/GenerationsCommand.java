package dev.heal.engine.cli;

import dev.heal.engine.cli.bundle.GenerationText;
import dev.heal.engine.reload.store.GenerationStore;
import dev.heal.engine.reload.store.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code heal generations}: which policies were in force. */
@Command(
    name = "generations",
    description =
        "Shows the generations of policies that are kept, also while an engine runs: the newest"
            + " comes last, and * marks the one in force.")
final class GenerationsCommand implements Subcommand {
  @Option(
      names = "--state",
      required = true,
      paramLabel = "DIR",
      description = "The folder that `heal run` was given.")
  private Path state = Path.of("");

  @Option(names = "--json", description = "One JSON object a line.")
  private boolean json;

  @Override
  public ExitCode run(Console console) throws IOException {
    if (!Files.isDirectory(state)) {
      throw new InputException(
          "there is no folder `" + state + "`", "name the folder that `heal run` was given");
    }
    List<GenerationStore.Listed> all;
    try {
      all = GenerationStore.look(state).list();
    } catch (StoreException unreadable) {
      throw new InputException(unreadable.text(), unreadable.help());
    }
    if (json) {
      all.forEach(generation -> console.out().print(GenerationText.json(generation)));
    } else if (all.isEmpty()) {
      console.err().println("no generation is kept");
    } else {
      console.out().print(GenerationText.heading());
      all.forEach(generation -> console.out().print(GenerationText.line(generation)));
    }
    return ExitCode.FINE;
  }
}
