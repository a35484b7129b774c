package dev.heal.engine.decide;

import dev.heal.dsl.policy.Policy;
import dev.heal.engine.fact.EntityId;
import dev.heal.engine.fact.FaultInstance;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;

/**
 * What repairs have been begun: the ledger behind budgets, attempts and cooldowns. Enforced and
 * observed repairs have a ledger each, so that a policy that only observes never blocks one that
 * acts.
 *
 * <p>The last 100,000 of each are kept: a storm that begins more than that in one window is long
 * over its budgets.
 */
public final class Spent {
  private static final int MOST_KEPT = 100_000;

  /**
   * One begun ladder.
   *
   * @param budgets those that its policy named when it began: a reload does not change the past
   */
  record Start(long at, String policy, List<String> budgets, FaultInstance instance) {}

  /** One begun order. */
  record OrderStart(long at, String verb, EntityId target) {}

  /** All of it. */
  public record Kept(List<Start> starts, List<OrderStart> orders) {
    public Kept {
      starts = List.copyOf(starts);
      orders = List.copyOf(orders);
    }
  }

  private final Deque<Start> starts = new ArrayDeque<>();
  private final Deque<OrderStart> orders = new ArrayDeque<>();

  /** A ladder began. */
  public void ladder(long at, Policy policy, FaultInstance instance) {
    starts.addLast(new Start(at, policy.name(), policy.budgets(), instance));
    if (starts.size() > MOST_KEPT) {
      starts.removeFirst();
    }
  }

  /** An order began. */
  public void order(long at, String verb, EntityId target) {
    orders.addLast(new OrderStart(at, verb, target));
    if (orders.size() > MOST_KEPT) {
      orders.removeFirst();
    }
  }

  public Kept kept() {
    return new Kept(List.copyOf(starts), List.copyOf(orders));
  }

  /** Goes on from what was kept elsewhere; before anything else. */
  public void goOnWith(Kept kept) {
    starts.addAll(kept.starts());
    orders.addAll(kept.orders());
  }

  /** The last order of that verb on the target was not begun after all. */
  public void takeBack(String verb, EntityId target) {
    for (Iterator<OrderStart> each = orders.descendingIterator(); each.hasNext(); ) {
      OrderStart order = each.next();
      if (order.verb().equals(verb) && order.target().equals(target)) {
        each.remove();
        return;
      }
    }
  }

  Iterable<Start> starts() {
    return starts;
  }

  Iterable<OrderStart> orders() {
    return orders;
  }
}
