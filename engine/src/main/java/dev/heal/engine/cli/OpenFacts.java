package dev.heal.engine.cli;

import dev.heal.engine.cli.recording.Complaints;
import dev.heal.engine.cli.recording.FactStream;
import dev.heal.engine.cli.recording.JsonFactStream;
import dev.heal.engine.cli.recording.LogFactStream;
import dev.heal.engine.cli.recording.MergedFacts;
import dev.heal.engine.fact.log.LogOptions;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The facts of several files as one stream, the files open. */
final class OpenFacts implements AutoCloseable {
  private final List<FactInput> inputs = new ArrayList<>();
  private final List<FactStream> streams = new ArrayList<>();
  private final Complaints complaints;

  private OpenFacts(Complaints complaints) {
    this.complaints = complaints;
  }

  static OpenFacts of(
      List<String> files, LogOptions options, Complaints complaints, Console console)
      throws IOException {
    OpenFacts open = new OpenFacts(complaints);
    boolean all = false;
    try {
      for (String file : files) {
        FactInput input = FactInput.open(file, console);
        open.inputs.add(input);
        open.streams.add(
            input.isJsonFacts()
                ? new JsonFactStream(input.name(), input.stream(), complaints)
                : new LogFactStream(
                    input.name(), input.stream(), input.options(options), complaints));
      }
      all = true;
      return open;
    } finally {
      if (!all) {
        open.close();
      }
    }
  }

  /** By time; to be read once. */
  MergedFacts merged() throws IOException {
    return new MergedFacts(streams, complaints);
  }

  @Override
  public void close() throws IOException {
    for (FactInput input : inputs) {
      input.close();
    }
  }
}
