package dev.heal.engine.schedule;

import dev.heal.dsl.policy.Condition;
import dev.heal.engine.fact.EntityId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A check of the site that a confirmation waits for ({@code confirm check dcgm}): its result comes
 * back as the fact {@code check.dcgm} of the entity, 1 where it passed.
 *
 * @param within it may be run again as long as it has not passed
 */
public record CheckRun(String check, EntityId entity, Duration within) {
  /** The checks that a confirmation waits for. */
  public static List<CheckRun> of(Confirmation confirmation) {
    List<String> checks = new ArrayList<>();
    collect(confirmation.condition(), checks);
    Duration within = Duration.ofNanos(confirmation.until() - confirmation.from());
    List<CheckRun> runs = new ArrayList<>();
    for (String check : checks) {
      confirmation.on().forEach(entity -> runs.add(new CheckRun(check, entity, within)));
    }
    return runs;
  }

  private static void collect(Condition condition, List<String> checks) {
    if (condition instanceof Condition.CheckPasses check) {
      checks.add(check.check());
    }
    condition.parts().forEach(part -> collect(part, checks));
  }
}
