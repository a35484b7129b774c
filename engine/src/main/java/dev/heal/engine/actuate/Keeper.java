package dev.heal.engine.actuate;

import dev.heal.engine.schedule.Order;

/**
 * Writes down what an act is about to replace, before it does: whoever dies in between can still
 * put it back.
 */
@FunctionalInterface
public interface Keeper {
  /**
   * Comes back when the memento is durable; called on a thread of the actuators, which may wait.
   *
   * @return false where it cannot be written down: then nothing is done
   */
  boolean keep(Order order, String memento) throws InterruptedException;
}
