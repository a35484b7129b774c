package dev.heal.engine.loop.live;

import dev.heal.engine.fact.EntityId;
import dev.heal.engine.fact.FaultInstance;
import dev.heal.engine.journal.Change;
import dev.heal.engine.journal.IncidentState;
import dev.heal.engine.journal.OrderPlan;
import dev.heal.engine.journal.OrderState;
import dev.heal.engine.record.Entry;
import dev.heal.engine.record.EntryType;
import dev.heal.engine.schedule.Order;
import dev.heal.engine.schedule.Outcome;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Entries, orders and outcomes as changes of the journal: numbers incidents, pairs undoings. */
final class Journalist {
  /** What stands on a target, to be undone some day. */
  private record Standing(EntityId target, String verb) {}

  private final Map<FaultInstance, Long> incidents = new HashMap<>();
  private final Map<FaultInstance, IncidentState> states = new HashMap<>();
  private final Map<Standing, Long> standing = new HashMap<>();
  private final Map<Long, Order> open = new HashMap<>();
  private long lastIncident;

  Journalist(long lastIncident) {
    this.lastIncident = lastIncident;
  }

  /** The incident of an instance, while it stands. */
  OptionalLong incident(FaultInstance instance) {
    return Optional.ofNullable(incidents.get(instance))
        .map(OptionalLong::of)
        .orElse(OptionalLong.empty());
  }

  List<Change> entry(Entry entry) {
    List<Change> changes = new ArrayList<>();
    Optional<FaultInstance> instance = entry.instance();
    if (entry.type() == EntryType.FAULT_RAISED && instance.isPresent()) {
      long number = ++lastIncident;
      incidents.put(instance.get(), number);
      states.put(instance.get(), IncidentState.CLEARED);
      changes.add(new Change.IncidentOpened(number, instance.get(), entry.at()));
    }
    OptionalLong incident = instance.map(this::incident).orElse(OptionalLong.empty());
    changes.add(new Change.Noted(entry, incident, OptionalLong.empty(), Optional.empty()));
    instance.ifPresent(i -> moved(entry, i, incident, changes));
    return changes;
  }

  private void moved(
      Entry entry, FaultInstance instance, OptionalLong incident, List<Change> changes) {
    if (incident.isEmpty()) {
      return;
    }
    Optional<IncidentState> ends =
        switch (entry.type()) {
          case CONFIRMED -> Optional.of(IncidentState.REPAIRED);
          case GAVE_UP -> Optional.of(IncidentState.GAVE_UP);
          case EXPIRED -> Optional.of(IncidentState.VOID);
          case FAULT_RAISED,
              FAULT_CLEARED,
              FAULT_REPEATED,
              DECISION,
              SUPPRESSED,
              HELD,
              PASSED_OVER,
              ACTION_STARTED,
              ACTION_DONE,
              ACTION_FAILED,
              RUNG_FAILED,
              DEADLINE_MISSED,
              REVERTED,
              ENDED,
              BREAKER_TRIPPED ->
              Optional.empty();
        };
    ends.ifPresent(state -> states.put(instance, state));
    boolean cleared = entry.type() == EntryType.FAULT_CLEARED;
    if (cleared || ends.isPresent()) {
      changes.add(
          new Change.IncidentMoved(
              incident.getAsLong(),
              states.getOrDefault(instance, IncidentState.CLEARED),
              cleared ? OptionalLong.of(entry.at()) : OptionalLong.empty()));
    }
    if (cleared) {
      incidents.remove(instance);
      states.remove(instance);
    }
  }

  /** An order that is about to start. */
  List<Change> started(Order order, long at) {
    open.put(order.id(), order);
    return List.of(
        new Change.OrderPlanned(OrderPlan.of(order, incident(order.instance())), at),
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
            && outcome.kind() != Outcome.Kind.REFUSED;
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
