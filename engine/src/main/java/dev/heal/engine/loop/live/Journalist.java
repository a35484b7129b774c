package dev.heal.engine.loop.live;

import dev.heal.dsl.policy.CheckedPolicy;
import dev.heal.dsl.policy.Policy;
import dev.heal.engine.fact.EntityId;
import dev.heal.engine.fact.FaultInstance;
import dev.heal.engine.journal.Change;
import dev.heal.engine.journal.IncidentBook;
import dev.heal.engine.journal.OrderPlan;
import dev.heal.engine.journal.OrderState;
import dev.heal.engine.journal.Recovery;
import dev.heal.engine.record.Entry;
import dev.heal.engine.schedule.Order;
import dev.heal.engine.schedule.Outcome;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Entries, orders and outcomes as changes of the journal: numbers incidents, says which line of
 * which generation of the policies decided, pairs undoings. For one thread.
 */
public final class Journalist {
  /** What stands on a target, to be undone some day. */
  private record Standing(EntityId target, String verb) {}

  private final IncidentBook incidents;
  private CheckedPolicy policies;
  private final Map<String, String> places = new HashMap<>();
  private OptionalLong generation = OptionalLong.empty();
  private final Map<Standing, Long> standing = new HashMap<>();
  private final Map<Long, Order> open = new HashMap<>();

  /**
   * Begins with what the journal knows.
   *
   * @param generation of the policies
   */
  public Journalist(Recovery recovery, CheckedPolicy policies, OptionalLong generation) {
    this.incidents = new IncidentBook(recovery);
    this.policies = policies;
    this.generation = generation;
  }

  /** From here on, these policies decide. Costs next to nothing: the loop waits for it. */
  public void inForce(CheckedPolicy next, OptionalLong number) {
    policies = next;
    generation = number;
    places.clear();
  }

  /** Where the policy of that name stands; empty where none in force is called so. */
  private String place(String name) {
    for (Policy policy : policies.policies()) {
      if (policy.name().equals(name)) {
        return policy.span().file().name() + ":" + policy.span().line();
      }
    }
    return "";
  }

  List<Change> entry(Entry entry) {
    return incidents.changes(
        entry,
        generation,
        entry
            .policy()
            .map(policy -> places.computeIfAbsent(policy, this::place))
            .filter(place -> !place.isEmpty()));
  }

  /** The number of the incident that a written entry belongs to. */
  OptionalLong incident(Entry entry) {
    return entry.instance().map(incidents::numberOf).orElse(OptionalLong.empty());
  }

  /** The number of the incident of a raised fault. */
  OptionalLong incident(FaultInstance instance) {
    return incidents.numberOf(instance);
  }

  /** An order that is about to start. */
  List<Change> started(Order order, long at) {
    open.put(order.id(), order);
    return List.of(
        new Change.OrderPlanned(OrderPlan.of(order, incidents.numberOf(order.instance())), at),
        new Change.OrderStarted(order.id(), at, Optional.empty()));
  }

  /** What became of it. */
  List<Change> ended(long id, Outcome outcome, long at) {
    Optional<Order> order = Optional.ofNullable(open.remove(id));
    if (order.isEmpty()) {
      return List.of();
    }
    List<Change> changes = new ArrayList<>();
    Standing what = new Standing(order.get().target(), order.get().act().verb());
    boolean stands =
        order.get().purpose() != Order.Purpose.UNDO
            && order.get().act().reversible()
            && OrderState.of(outcome.kind()) != OrderState.REFUSED;
    changes.add(
        new Change.OrderEnded(id, at, OrderState.of(outcome.kind()), outcome.because(), stands));
    if (stands) {
      standing.put(what, id);
    } else if (order.get().purpose() == Order.Purpose.UNDO && outcome.kind() == Outcome.Kind.DONE) {
      Optional.ofNullable(standing.remove(what))
          .ifPresent(undone -> changes.add(new Change.OrderUndone(undone, at)));
    }
    return changes;
  }
}
