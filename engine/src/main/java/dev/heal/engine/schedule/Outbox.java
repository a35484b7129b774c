package dev.heal.engine.schedule;

import dev.heal.dsl.policy.Policy;
import dev.heal.engine.decide.Ladder;
import dev.heal.engine.fact.EntityId;
import dev.heal.engine.fact.FaultInstance;
import dev.heal.engine.record.Entry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** What the repairs hand on to the loop; each list is empty again once it was taken. */
public final class Outbox {
  private final List<Entry> entries = new ArrayList<>();
  private final List<Order> orders = new ArrayList<>();
  private final List<Confirmation> confirmations = new ArrayList<>();
  private final List<Long> withdrawn = new ArrayList<>();
  private long orderCount;

  void add(Entry entry) {
    entries.add(entry);
  }

  Order order(Ladder ladder, Policy.Step step, EntityId target) {
    Order order =
        new Order(
            ++orderCount,
            ladder.id(),
            ladder.instance(),
            ladder.policy().name(),
            step.act(),
            step.takes(),
            target,
            false,
            ladder.deadline());
    orders.add(order);
    return order;
  }

  /** An undoing, or an act of {@code give up}: no ladder waits for it. */
  void order(
      FaultInstance instance,
      String policy,
      Policy.Act act,
      Duration takes,
      EntityId target,
      String because) {
    orders.add(
        new Order(
            ++orderCount, 0, instance, policy, act, takes, target, true, OptionalLong.empty()));
    undoReasons.put(orderCount, because);
  }

  private final java.util.Map<Long, String> undoReasons = new java.util.HashMap<>();

  /** Why an undoing was ordered. */
  public String undoReason(Order order) {
    String reason = undoReasons.remove(order.id());
    return reason == null ? "undone" : reason;
  }

  void confirm(Confirmation confirmation) {
    confirmations.add(confirmation);
  }

  /** The confirmation of that ladder is no longer wanted. */
  void withdraw(long ladder) {
    withdrawn.add(ladder);
  }

  public List<Entry> takeEntries() {
    return take(entries);
  }

  public List<Order> takeOrders() {
    return take(orders);
  }

  public List<Confirmation> takeConfirmations() {
    return take(confirmations);
  }

  public List<Long> takeWithdrawn() {
    return take(withdrawn);
  }

  private static <T> List<T> take(List<T> list) {
    List<T> taken = List.copyOf(list);
    list.clear();
    return taken;
  }
}
