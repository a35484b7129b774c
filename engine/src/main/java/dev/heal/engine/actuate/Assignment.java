package dev.heal.engine.actuate;

import dev.heal.engine.schedule.Order;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * An order, with what the journal knows of it.
 *
 * @param memento of what the act to be undone has replaced; of a step, what an act of the same verb
 *     that still stands on this target has replaced: the report then carries it on
 * @param incident its number in the journal, where it is known
 */
public record Assignment(Order order, Optional<String> memento, OptionalLong incident) {
  public Assignment {
    Objects.requireNonNull(order);
  }

  /** One whose incident is not known. */
  public Assignment(Order order, Optional<String> memento) {
    this(order, memento, OptionalLong.empty());
  }

  /** An order of which nothing else is known. */
  public static Assignment of(Order order) {
    return new Assignment(order, Optional.empty());
  }
}
