package dev.heal.engine.loop.live;

import dev.heal.engine.fact.EntityId;
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

/** Entries, orders and outcomes as changes of the journal: pairs undoings. */
final class Journalist {
  /** What stands on a target, to be undone some day. */
  private record Standing(EntityId target, String verb) {}

  private final IncidentBook incidents;
  private final Map<Standing, Long> standing = new HashMap<>();
  private final Map<Long, Order> open = new HashMap<>();

  Journalist(Recovery recovery) {
    this.incidents = new IncidentBook(recovery);
  }

  List<Change> entry(Entry entry) {
    return incidents.changes(entry, OptionalLong.empty(), Optional.empty());
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
