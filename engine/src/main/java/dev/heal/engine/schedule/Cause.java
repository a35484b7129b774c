package dev.heal.engine.schedule;

import dev.heal.engine.decide.Ladder;
import dev.heal.engine.fact.FaultInstance;
import java.util.Map;

/**
 * What an order is given for.
 *
 * @param captures what raised the fault said, by name
 */
record Cause(FaultInstance instance, String policy, Map<String, String> captures) {
  Cause {
    captures = Map.copyOf(captures);
  }

  static Cause of(Ladder ladder) {
    return new Cause(ladder.instance(), ladder.policy().name(), ladder.captures());
  }

  static Cause of(Order order) {
    return new Cause(order.instance(), order.policy(), order.captures());
  }
}
