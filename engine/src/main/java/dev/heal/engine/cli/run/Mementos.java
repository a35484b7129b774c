package dev.heal.engine.cli.run;

import dev.heal.engine.schedule.Order;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** What acts that stand have replaced, by target and verb. For any thread. */
final class Mementos {
  private final Map<String, String> standing = new ConcurrentHashMap<>();

  private static String key(Order order) {
    return order.target() + " " + order.act().verb();
  }

  void keep(Order order, String memento) {
    standing.put(key(order), memento);
  }

  Optional<String> of(Order order) {
    return Optional.ofNullable(standing.get(key(order)));
  }

  void drop(Order order) {
    standing.remove(key(order));
  }
}
