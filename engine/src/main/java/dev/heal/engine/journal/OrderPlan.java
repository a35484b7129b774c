package dev.heal.engine.journal;

import dev.heal.dsl.policy.Policy;
import dev.heal.engine.fact.EntityId;
import dev.heal.engine.fact.FaultInstance;
import dev.heal.engine.schedule.Order;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/**
 * An order as it was given, in words that outlive its policy.
 *
 * @param ladder 0 where none waits
 * @param object what a page or a site's action names
 * @param settings as the policy writes them, {@code power 250W; clocks 1200MHz}; may be empty
 */
public record OrderPlan(
    long id,
    long ladder,
    Order.Purpose purpose,
    OptionalLong incident,
    FaultInstance instance,
    String policy,
    String verb,
    Optional<String> object,
    EntityId target,
    String settings,
    boolean reversible,
    boolean destructive,
    OptionalLong deadline) {
  public OrderPlan {
    Objects.requireNonNull(purpose);
    Objects.requireNonNull(instance);
    Objects.requireNonNull(policy);
    Objects.requireNonNull(target);
    Objects.requireNonNull(settings);
    if (id <= 0 || ladder < 0 || verb.isBlank()) {
      throw new IllegalArgumentException("no order: " + id + ", ladder " + ladder + ", " + verb);
    }
  }

  /** The order of a ladder, or of an undoing. */
  public static OrderPlan of(Order order, OptionalLong incident) {
    Policy.Act act = order.act();
    return new OrderPlan(
        order.id(),
        order.ladder(),
        order.purpose(),
        incident,
        order.instance(),
        order.policy(),
        act.verb(),
        act.object(),
        order.target(),
        settings(act),
        act.reversible(),
        act.destructive(),
        order.deadline());
  }

  private static String settings(Policy.Act act) {
    return act.settings().keySet().stream()
        .sorted()
        .map(word -> (word + " " + values(act, word)).strip())
        .collect(Collectors.joining("; "));
  }

  private static String values(Policy.Act act, String word) {
    return act.settings().getOrDefault(word, List.of()).stream()
        .map(value -> value.span().text())
        .collect(Collectors.joining(" "));
  }
}
