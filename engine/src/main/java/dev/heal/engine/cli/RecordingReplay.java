package dev.heal.engine.cli;

import dev.heal.dsl.policy.CheckedPolicy;
import dev.heal.engine.cli.recording.PastPolicies;
import dev.heal.engine.decide.Times;
import dev.heal.engine.journal.recording.Recorded;
import dev.heal.engine.journal.recording.RecordingReader;
import dev.heal.engine.loop.CommandInterpreter;
import dev.heal.engine.loop.CompiledPolicies;
import dev.heal.engine.loop.Engine;
import dev.heal.engine.loop.GenerationId;
import dev.heal.engine.loop.live.Replay;
import dev.heal.engine.reload.ReloadCommands;
import dev.heal.engine.schedule.Answer;
import dev.heal.engine.schedule.Deviations;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/** A recording of {@code heal run}, decided again by the policies that were in force. */
final class RecordingReplay {
  private final Path state;
  private final OptionalLong from;
  private final PastPolicies policies;
  private final CommandInterpreter reloads;
  private final Consumer<String> told;
  private Optional<CheckedPolicy> began = Optional.empty();

  /** The start or swap at hand, in words. */
  private String turn = "";

  /** From here to the next start nothing can be decided: there are no policies. */
  private boolean leavesOut;

  private long leftOut;
  private boolean whole = true;

  /**
   * @param state the state folder of the engine that recorded
   * @param from only what was decided from then on is shown, in nanoseconds since the epoch
   * @param others knows the words that are no reload's
   * @param told is told what an operator must know of it, a line each
   */
  RecordingReplay(
      Path state,
      OptionalLong from,
      PastPolicies policies,
      CommandInterpreter others,
      Consumer<String> told) {
    this.state = state;
    this.from = from;
    this.policies = policies;
    this.told = told;
    this.reloads =
        ReloadCommands.replayed(
            others, (digest, deviations) -> find(digest, deviations).map(CompiledPolicies::of));
  }

  /** Shows every step; what is missing in the recording is said. */
  ExitCode show(Console console, Steps steps, boolean strict) throws IOException {
    requireFolder(state);
    long count = 0;
    try (RecordingReader reader = open();
        Replay replay =
            new Replay(
                beginning -> began.orElseThrow(),
                this::command,
                entry -> {
                  if (entry.at() >= from.orElse(Long.MIN_VALUE)) {
                    steps.take(entry);
                  }
                })) {
      for (Optional<Recorded> input = reader.next(); input.isPresent(); input = reader.next()) {
        count++;
        take(input.get(), replay);
      }
      if (count == 0) {
        throw new InputException(
            "there is no recording in `" + state + "`", "give the --state folder of `heal run`");
      }
      tellLeftOut();
      reader.problems().forEach(told);
      if (replay.without() > 0) {
        told.accept(
            "%,d inputs stand before the first start or checkpoint of an engine and are left out"
                .formatted(replay.without()));
      }
      if (strict && (!whole || !reader.problems().isEmpty() || replay.without() > 0)) {
        console.err().println("--strict: the recording is not whole; nothing is shown");
        return ExitCode.TOOL_FAILED;
      }
    }
    steps.flush();
    console.err().println(String.format(Locale.ROOT, "%,d inputs", count) + "; " + steps.summary());
    return whole ? ExitCode.FINE : ExitCode.TOOL_FAILED;
  }

  private RecordingReader open() throws IOException {
    return from.isPresent()
        ? RecordingReader.open(state, from.getAsLong())
        : RecordingReader.open(state);
  }

  static void requireFolder(Path state) throws InputException {
    if (!Files.isDirectory(state)) {
      throw new InputException(
          "there is no folder `" + state + "`", "give the --state folder of `heal run`");
    }
  }

  private void take(Recorded input, Replay replay) throws IOException {
    if (input instanceof Recorded.Started started) {
      begin("the start", started, replay);
    } else if (input instanceof Recorded.Checkpoint checkpoint
        && (leavesOut || !replay.isRunning())) {
      begin("the checkpoint", checkpoint, replay);
    }
    if (leavesOut) {
      leftOut++;
      return;
    }
    try {
      replay.take(input);
    } catch (IOException unreadable) {
      leaveOut("its checkpoint cannot be read: " + unreadable.getMessage());
    }
  }

  private void begin(String what, Recorded.Beginning beginning, Replay replay) {
    tellLeftOut();
    replay.close(); // the engine before has ended
    leavesOut = false;
    turn = what + " at " + Times.iso(beginning.stamp());
    began = find(beginning.policies(), beginning.interim().deviations());
  }

  /** A swap that cannot be made ends what can be decided: none but its policies may go on. */
  private Answer command(Engine running, List<String> words, long at) {
    turn = "the swap at " + Times.iso(at);
    Answer answer = reloads.run(running, words, at);
    if (ReloadCommands.isSwap(words) && !answer.isFine() && !leavesOut) {
      leaveOut(answer.text());
    }
    return answer;
  }

  private Optional<CheckedPolicy> find(String digest, Deviations deviations) {
    if (!digest.isEmpty()) {
      turn += " with the policies " + new GenerationId(1, digest).shortDigest();
    }
    PastPolicies.Found found = policies.find(digest, deviations);
    if (found.policies().isEmpty()) {
      leaveOut(found.remark().orElseThrow());
    } else if (found.remark().isPresent()) {
      told.accept(
          "%s: %s; those of --policies stand in and may decide otherwise"
              .formatted(turn, found.remark().get()));
    }
    return found.policies();
  }

  private void leaveOut(String why) {
    whole = false;
    leavesOut = true;
    told.accept(
        "%s cannot be replayed: %s; all from there to the next start or checkpoint is left out"
            .formatted(turn, why));
    told.accept("  = help: name them with --policies, and --site, as they were");
  }

  private void tellLeftOut() {
    if (leftOut > 0) {
      told.accept("%,d inputs are left out".formatted(leftOut));
      leftOut = 0;
    }
  }
}
