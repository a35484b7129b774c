package dev.heal.engine.cli.run.policy;

import dev.heal.engine.decide.Times;
import dev.heal.engine.reload.ReloadResult;
import dev.heal.engine.reload.ReloadStatus;
import dev.heal.engine.reload.Stage;
import java.util.ArrayList;
import java.util.List;

/** What an operator should know of how loading stands, a line each. */
final class StatusNotes {
  private StatusNotes() {}

  static List<String> of(ReloadStatus status) {
    List<String> notes = new ArrayList<>();
    notes.add("from " + status.inForce().origin());
    status
        .refusedSince()
        .ifPresent(
            since ->
                notes.add(
                    "what lies in the files is refused since %s%s"
                        .formatted(
                            Times.iso(since), status.last().map(StatusNotes::why).orElse(""))));
    status
        .deviations()
        .tuned()
        .forEach(
            (name, tuned) ->
                notes.add(
                    "tuned: `%s` = %s%s".formatted(name, tuned.value(), until(tuned.until()))));
    status
        .deviations()
        .trials()
        .forEach(
            (policy, trial) ->
                notes.add(
                    trial.until() == Times.NEVER
                        ? "policy `%s` only observes: it would have acted more than %d times"
                            .formatted(policy, trial.most())
                        : "policy `%s` only observes%s, and is enforced then unless it would have acted more than %d times"
                            .formatted(policy, until(trial.until()), trial.most())));
    return notes;
  }

  private static String why(ReloadResult result) {
    return result.isRefused()
        ? " at %s: %s"
            .formatted(result.failedAt().map(Stage::words).orElse("the start"), result.because())
        : "";
  }

  private static String until(long at) {
    return at == Times.NEVER ? "" : " until " + Times.iso(at);
  }
}
