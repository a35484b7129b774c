package dev.heal.engine.schedule;

import dev.heal.dsl.policy.Policy;
import dev.heal.engine.decide.Ladder;
import dev.heal.engine.fact.EntityId;
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

  /** Numbers orders from the one behind {@code lastOrder}. */
  Outbox(long lastOrder) {
    this.orderCount = lastOrder;
  }

  /** The number of the last order. */
  long lastOrder() {
    return orderCount;
  }

  void add(Entry entry) {
    entries.add(entry);
  }

  /** A step of a ladder. */
  Order step(Ladder ladder, Policy.Step step, EntityId target) {
    return order(
        new Order(
            ++orderCount,
            ladder.id(),
            Order.Purpose.STEP,
            ladder.instance(),
            ladder.policy().name(),
            step.act(),
            step.takes(),
            target,
            ladder.deadline(),
            ladder.captures()));
  }

  /** An undoing, a page, or another act of {@code give up}: no ladder waits for it. */
  Order alone(Order.Purpose purpose, Cause cause, Policy.Act act, EntityId target) {
    return order(
        new Order(
            ++orderCount,
            0,
            purpose,
            cause.instance(),
            cause.policy(),
            act,
            Duration.ZERO,
            target,
            OptionalLong.empty(),
            cause.captures()));
  }

  private Order order(Order order) {
    orders.add(order);
    return order;
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
