package dev.heal.engine.journal;

import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * An order and what is known of it.
 *
 * @param because of its end; empty before
 * @param memento what the act replaced
 * @param undoPending whether it may stand, and is to be undone
 */
public record StoredOrder(
    OrderPlan plan,
    OrderState state,
    long plannedAt,
    OptionalLong startedAt,
    OptionalLong endedAt,
    Optional<String> because,
    Optional<String> memento,
    boolean undoPending) {
  public StoredOrder {
    Objects.requireNonNull(plan);
    Objects.requireNonNull(state);
  }
}
