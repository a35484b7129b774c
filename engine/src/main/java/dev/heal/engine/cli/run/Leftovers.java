package dev.heal.engine.cli.run;

import dev.heal.dsl.policy.CheckedPolicy;
import dev.heal.dsl.policy.Policy;
import dev.heal.engine.actuate.Actuators;
import dev.heal.engine.actuate.Assignment;
import dev.heal.engine.actuate.Report;
import dev.heal.engine.fact.FaultInstance;
import dev.heal.engine.journal.Batch;
import dev.heal.engine.journal.Change;
import dev.heal.engine.journal.OrderPlan;
import dev.heal.engine.journal.OrderState;
import dev.heal.engine.journal.Recovery;
import dev.heal.engine.journal.StoredOrder;
import dev.heal.engine.journal.store.Journal;
import dev.heal.engine.loop.live.StoodKeeper;
import dev.heal.engine.schedule.Order;
import dev.heal.engine.schedule.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;

/**
 * What an engine before this one left behind. An order that may have been carried out is never
 * carried out again: whether it helped, the faults will say. What stands and can be undone is
 * undone; where it is still called for, this engine does it anew.
 */
final class Leftovers {
  private static final String DIED =
      "the engine ended while it was carried out; it is not repeated";

  /**
   * One of them.
   *
   * @param before the policies of before, where only they know how
   */
  private record Undoing(StoredOrder stands, Order order, Optional<CheckedPolicy> before) {}

  /** Makes hands for what other policies say. */
  interface Makers {
    Actuators of(CheckedPolicy policies);
  }

  private final Recovery recovery;
  private final List<Undoing> undoings = new ArrayList<>();
  private final Queue<CompletableFuture<?>> pending = new ConcurrentLinkedQueue<>();
  private final Map<FaultInstance, Map<String, String>> captures = new HashMap<>();
  private long lastOrder;
  private volatile Optional<Actuators> ofBefore = Optional.empty();

  /**
   * @param before those that the engine before had in force, where they are others: what is no
   *     longer declared is undone as they say; asked at most once, and only where that is so
   */
  Leftovers(CheckedPolicy policies, Supplier<Optional<CheckedPolicy>> before, Recovery recovery) {
    this.recovery = recovery;
    this.lastOrder = recovery.lastOrder();
    StoodKeeper.of(recovery).forEach(stood -> captures.put(stood.instance(), stood.captures()));
    List<StoredOrder> stand = new ArrayList<>(recovery.orders().toUndo());
    stand.addAll(recovery.orders().unknown());
    List<StoredOrder> undeclared = new ArrayList<>();
    for (StoredOrder stored : stand) {
      if (isReversible(stored.plan())) {
        Optional<Policy.Act> act = act(policies, stored.plan());
        if (act.isPresent()) {
          undoings.add(new Undoing(stored, undo(stored.plan(), act.get()), Optional.empty()));
        } else {
          undeclared.add(stored);
        }
      }
    }
    if (!undeclared.isEmpty()) {
      before.get().ifPresent(then -> undoAsThen(undeclared, then));
    }
  }

  private void undoAsThen(List<StoredOrder> undeclared, CheckedPolicy then) {
    for (StoredOrder stored : undeclared) {
      act(then, stored.plan())
          .ifPresent(
              act ->
                  undoings.add(new Undoing(stored, undo(stored.plan(), act), Optional.of(then))));
    }
  }

  /** The act as the policies of today have it; empty where they no longer do. */
  private static Optional<Policy.Act> act(CheckedPolicy policies, OrderPlan plan) {
    return policies.policies().stream()
        .filter(policy -> policy.name().equals(plan.policy()))
        .flatMap(policy -> policy.rungs().stream())
        .flatMap(rung -> rung.steps().stream())
        .map(Policy.Step::act)
        .filter(act -> act.verb().equals(plan.verb()))
        .findFirst();
  }

  private Order undo(OrderPlan plan, Policy.Act act) {
    return new Order(
        ++lastOrder,
        0,
        Order.Purpose.UNDO,
        plan.instance(),
        plan.policy(),
        act,
        Duration.ZERO,
        plan.target(),
        OptionalLong.empty(),
        captures.getOrDefault(plan.instance(), Map.of()));
  }

  /** The number of the last order that was ever given, these undoings among them. */
  long lastOrder() {
    return lastOrder;
  }

  /** Writes down what is known of them now, and undoes what stands. */
  void settle(Journal journal, Actuators actuators, Makers others, long now) {
    List<Change> changes = new ArrayList<>();
    for (StoredOrder planned : recovery.orders().planned()) {
      changes.add(ended(planned, OrderState.REFUSED, "the engine ended before it began", now));
    }
    for (StoredOrder unknown : recovery.orders().unknown()) {
      changes.add(ended(unknown, OrderState.UNKNOWN, DIED, now));
    }
    for (Undoing undoing : undoings) {
      changes.add(
          new Change.OrderPlanned(OrderPlan.of(undoing.order(), OptionalLong.empty()), now));
      changes.add(new Change.OrderStarted(undoing.order().id(), now, Optional.empty()));
    }
    if (changes.isEmpty()) {
      return;
    }
    pending.add(
        journal
            .append(Batch.withReserve(changes))
            .thenAccept(
                appended -> {
                  if (appended.isWritten()) {
                    undoAll(journal, actuators, others, now);
                  }
                }));
  }

  private void undoAll(Journal journal, Actuators actuators, Makers others, long now) {
    for (Undoing undoing : undoings) {
      if (undoing.before().isEmpty()) {
        undo(undoing, journal, actuators, now);
      } else {
        ofBefore = ofBefore.or(() -> Optional.of(others.of(undoing.before().get())));
        undo(undoing, journal, ofBefore.get(), now);
      }
    }
  }

  private static Change ended(StoredOrder order, OrderState state, String why, long now) {
    boolean stands = isReversible(order.plan()) && state != OrderState.REFUSED;
    return new Change.OrderEnded(order.plan().id(), now, state, why, stands);
  }

  /** An undoing is never undone itself, though it names an act that can be. */
  private static boolean isReversible(OrderPlan plan) {
    return plan.reversible() && plan.purpose() != Order.Purpose.UNDO;
  }

  /** Waits until what was begun of this is written down. */
  void await() {
    pending.forEach(CompletableFuture::join);
    ofBefore.ifPresent(Actuators::close);
  }

  private void undo(Undoing undoing, Journal journal, Actuators actuators, long now) {
    actuators.start(
        new Assignment(undoing.order(), undoing.stands().memento()),
        report -> pending.add(journal.append(Batch.withReserve(undone(undoing, report, now)))));
  }

  private static List<Change> undone(Undoing undoing, Report report, long now) {
    List<Change> changes = new ArrayList<>();
    changes.add(
        new Change.OrderEnded(
            undoing.order().id(),
            now,
            OrderState.of(report.outcome().kind()),
            report.outcome().because(),
            false));
    if (report.outcome().kind() == Outcome.Kind.DONE) {
      changes.add(new Change.OrderUndone(undoing.stands().plan().id(), now));
    }
    return changes;
  }
}
