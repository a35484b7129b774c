package dev.heal.engine.reload;

import dev.heal.dsl.diagnostic.Diagnostic;
import dev.heal.engine.loop.TestRun;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What became of one attempt to load policies.
 *
 * @param outcome how it ended
 * @param failedAt the stage at which it was refused
 * @param because in a line, in the operator's words
 * @param help what to do about it; may be empty
 * @param diagnostics of the check: the errors, or the warnings of what is in force now
 * @param failedTests tests beside the policies that failed
 * @param times how long each stage took that was reached
 * @param inForce the generation in force behind it
 * @param digest of the texts that were tried; empty where they could not be taken
 * @param trigger why they were loaded: {@code files changed}, {@code heal reload by ann}
 */
public record ReloadResult(
    Outcome outcome,
    Optional<Stage> failedAt,
    String because,
    String help,
    List<Diagnostic> diagnostics,
    List<TestRun.Result> failedTests,
    Map<Stage, Duration> times,
    Generation inForce,
    String digest,
    String trigger) {
  public ReloadResult {
    diagnostics = List.copyOf(diagnostics);
    failedTests = List.copyOf(failedTests);
    times = Map.copyOf(times);
  }

  /** How an attempt ends. */
  public enum Outcome {
    /** They are in force. */
    IN_FORCE,
    /** The same texts are in force already. */
    NOTHING_NEW,
    /** They could be in force: nothing more was asked. */
    TRIED,
    /** They were refused; those before stay in force. */
    REFUSED
  }

  public boolean isRefused() {
    return outcome == Outcome.REFUSED;
  }

  /** All stages that were reached, in order. */
  public Map<Stage, Duration> timesInOrder() {
    Map<Stage, Duration> ordered = new EnumMap<>(Stage.class);
    ordered.putAll(times);
    return ordered;
  }
}
