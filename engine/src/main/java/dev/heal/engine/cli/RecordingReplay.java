package dev.heal.engine.cli;

import dev.heal.dsl.policy.CheckedPolicy;
import dev.heal.engine.journal.recording.Recorded;
import dev.heal.engine.journal.recording.RecordingReader;
import dev.heal.engine.loop.CommandInterpreter;
import dev.heal.engine.loop.live.Replay;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/** A recording of {@code heal run}, decided again. */
final class RecordingReplay {
  private final Path state;
  private final CheckedPolicy policies;
  private final CommandInterpreter commands;

  /**
   * @param state the state folder of the engine that recorded
   */
  RecordingReplay(Path state, CheckedPolicy policies, CommandInterpreter commands) {
    this.state = state;
    this.policies = policies;
    this.commands = commands;
  }

  /** Shows every step; what is missing in the recording is said. */
  ExitCode show(Console console, Steps steps, boolean strict) throws IOException {
    if (!Files.isDirectory(state)) {
      throw new InputException(
          "there is no folder `" + state + "`", "give the --state folder of `heal run`");
    }
    long count = 0;
    try (RecordingReader reader = RecordingReader.open(state);
        Replay replay = new Replay(policies, commands, steps::take)) {
      for (Optional<Recorded> input = reader.next(); input.isPresent(); input = reader.next()) {
        count++;
        replay.take(input.get());
      }
      if (count == 0) {
        throw new InputException(
            "there is no recording in `" + state + "`", "give the --state folder of `heal run`");
      }
      reader.problems().forEach(problem -> console.err().println("heal: " + problem));
      if (replay.without() > 0) {
        console
            .err()
            .println(
                "heal: %,d inputs stand before the first start of an engine and are left out"
                    .formatted(replay.without()));
      }
      if (strict && (!reader.problems().isEmpty() || replay.without() > 0)) {
        console.err().println("--strict: the recording is not whole; nothing is shown");
        return ExitCode.TOOL_FAILED;
      }
    }
    steps.flush();
    console.err().println(String.format(Locale.ROOT, "%,d inputs", count) + "; " + steps.summary());
    return ExitCode.FINE;
  }
}
