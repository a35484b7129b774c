package dev.heal.engine.schedule;

import dev.heal.dsl.policy.Condition;
import dev.heal.engine.fact.EntityId;
import java.time.Duration;
import java.util.NavigableSet;

/**
 * A request to stage {@code verify}: did the step help?
 *
 * @param on the condition must hold on each of them
 * @param from only facts from then on count
 * @param until if it does not hold by then, the step has failed
 */
public record Confirmation(
    long ladder, Condition condition, NavigableSet<EntityId> on, long from, long until) {

  /** How long a confirmation must hold at the least. */
  public static Duration heldFor(Condition condition) {
    if (condition instanceof Condition.Held held) {
      return held.span();
    }
    if (condition instanceof Condition.All all) {
      return all.parts().stream()
          .map(Confirmation::heldFor)
          .reduce(Duration.ZERO, (a, b) -> a.compareTo(b) >= 0 ? a : b);
    }
    return Duration.ZERO;
  }

  /** The answer. */
  public record Proof(long ladder, boolean healed, boolean assumed, String because) {}
}
