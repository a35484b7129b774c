package dev.heal.engine.actuate;

import dev.heal.engine.schedule.Order;
import java.util.Map;
import java.util.Optional;

/**
 * An order, with what the journal knows of it.
 *
 * @param captures of the fault: handed on in environments and JSON, never in a command line
 * @param memento of what the act to be undone has replaced; of a step, what an act of the same verb
 *     that still stands on this target has replaced: the report then carries it on
 */
public record Assignment(Order order, Map<String, String> captures, Optional<String> memento) {
  public Assignment {
    captures = Map.copyOf(captures);
  }

  /** An order of which nothing else is known. */
  public static Assignment of(Order order) {
    return new Assignment(order, Map.of(), Optional.empty());
  }
}
