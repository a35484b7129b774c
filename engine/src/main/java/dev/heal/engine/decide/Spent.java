package dev.heal.engine.decide;

import dev.heal.dsl.policy.Policy;
import dev.heal.engine.fact.EntityId;
import dev.heal.engine.fact.FaultInstance;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

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
  record Start(
      long at,
      String policy,
      List<String> budgets,
      FaultInstance instance,
      Set<EntityId> touched) {}

  /** One begun order. */
  record OrderStart(long at, String verb, EntityId target) {}

  private final Deque<Start> starts = new ArrayDeque<>();
  private final Deque<OrderStart> orders = new ArrayDeque<>();

  /** A ladder began; {@code touched}: the entities that its acts are about. */
  public void ladder(long at, Policy policy, FaultInstance instance, Set<EntityId> touched) {
    starts.addLast(
        new Start(at, policy.name(), policy.budgets(), instance, new TreeSet<>(touched)));
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

  Iterable<Start> starts() {
    return starts;
  }

  Iterable<OrderStart> orders() {
    return orders;
  }
}
