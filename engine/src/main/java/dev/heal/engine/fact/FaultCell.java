package dev.heal.engine.fact;

import dev.heal.dsl.policy.Condition;
import dev.heal.dsl.policy.Fault;
import dev.heal.dsl.policy.Wording;
import dev.heal.dsl.vocabulary.Signal;
import dev.heal.engine.fact.FactChange.FaultState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A fault on an entity: clear, pending, raised, clearing. */
final class FaultCell extends Cell {
  private final Fault fault;
  private final FaultInstance instance;

  /** Whether the policies in force no longer know it so: only its end is told. */
  private final boolean isFormer;

  /** Of {@link Cells} alone: whether it stands among the raised ones. */
  boolean isListedRaised;

  private Node when = new Node.Fixed(Truth.UNKNOWN);
  private @Nullable Node end;
  private FaultState state = FaultState.CLEAR;
  private long raisedAt = Series.NEVER;
  private long lastEvent = Series.NEVER;
  private boolean awaitsFacts;
  private Truth level = Truth.UNKNOWN;
  private Fact.@Nullable Event event;
  private Map<String, String> captures = Map.of();
  private @Nullable SeriesStore store;

  FaultCell(int order, Fault fault, EntityId entity) {
    this(order, fault, entity, false);
  }

  private FaultCell(int order, Fault fault, EntityId entity, boolean former) {
    super(order, fault.name(), entity);
    this.fault = fault;
    this.instance = new FaultInstance(fault.name(), entity);
    this.isFormer = former;
  }

  /** The same instance under the policies of before, for a repair that runs on under them. */
  FaultCell former() {
    return new FaultCell(Cells.LAST, fault, entity, true);
  }

  @Override
  void bind(SeriesStore newStore) {
    store = newStore;
    Node before = when;
    when = new NodeBuilder(newStore, this, entity, Series.NEVER, true).build(fault.when());
    when.takeOver(before);
    Node endBefore = end;
    bindEnd();
    if (end != null && endBefore != null) {
      end.takeOver(endBefore);
    }
  }

  /** What cures an event must be heard after its last; a level's `clear when` need not. */
  private void bindEnd() {
    SeriesStore known = store;
    Optional<Condition> condition = fault.event() ? fault.cured() : fault.clear();
    if (known == null || condition.isEmpty()) {
      return;
    }
    long from = fault.event() ? lastEvent : Series.NEVER;
    end = new NodeBuilder(known, this, entity, from, false).build(condition.get());
  }

  FaultInstance instance() {
    return instance;
  }

  boolean isFormer() {
    return isFormer;
  }

  Fault fault() {
    return fault;
  }

  FaultState state() {
    return state;
  }

  Map<String, String> captures() {
    return captures;
  }

  long raisedAt() {
    return raisedAt;
  }

  /** Whether its condition, without its {@code for}, held at the last look; false of an event. */
  Truth holds() {
    return fault.event() ? Truth.FALSE : level;
  }

  boolean isRaised() {
    return state == FaultState.RAISED || state == FaultState.CLEARING;
  }

  @Override
  long look(Moment moment, Changes changes) {
    FaultState before = state;
    long again = once(moment, changes);
    // what a transition makes possible is looked at now, not when the next fact happens to come
    for (int turn = 0; state != before && turn < 3; turn++) {
      before = state;
      again = once(moment.afterEvent(), changes);
    }
    return again;
  }

  private long once(Moment moment, Changes changes) {
    Truth holds = when.look(moment);
    Truth part = when instanceof HeldNode held ? held.part() : holds;
    level = part;
    boolean missing = fault.missing() == Fault.Missing.RAISE && holds == Truth.UNKNOWN;
    boolean raiseForMissing = missing && when.isSilent(moment);
    if (isRaised()) {
      whileRaised(moment, changes, holds, part == Truth.TRUE || raiseForMissing, part);
      boolean heard = part != Truth.UNKNOWN || raiseForMissing;
      if (awaitsFacts() && state == FaultState.RAISED && heard) {
        heardAnew(moment, changes); // it is wrong still, and not about to clear
      }
    } else if (holds == Truth.TRUE || raiseForMissing) {
      raise(moment, changes, holds == Truth.TRUE ? "" : " is unknown: no data");
    } else if (part == Truth.TRUE) {
      move(moment.now(), FaultState.PENDING, "began to hold", changes);
    } else if (part == Truth.FALSE || fault.missing() == Fault.Missing.FORGET) {
      move(moment.now(), FaultState.CLEAR, "no longer holds", changes);
    }
    return moment.againAt();
  }

  private void raise(Moment moment, Changes changes, String because) {
    raisedAt = moment.now();
    lastEvent = moment.now();
    event = moment.event();
    captures = capture(moment);
    bindEnd();
    if (end != null) {
      end.reset();
    }
    move(moment.now(), FaultState.RAISED, Wording.of(fault.when()) + because, changes);
  }

  /** An engine before this one had raised it. */
  void restore(long now, long raised, Map<String, String> captured, Changes changes) {
    Map<String, String> wanted = new TreeMap<>(captured);
    wanted.keySet().retainAll(fault.captures());
    captures = Map.copyOf(wanted);
    raisedAt = raised;
    lastEvent = raised;
    bindEnd();
    if (end != null) {
      end.reset();
    }
    awaitsFacts = !fault.event();
    move(now, FaultState.RAISED, "it stood when the engine before this one ended", changes);
  }

  /** Whether it is raised by what an engine before this one has heard, and by nothing since. */
  boolean awaitsFacts() {
    return awaitsFacts && isRaised();
  }

  private void heardAnew(Moment moment, Changes changes) {
    awaitsFacts = false;
    changes.add(
        new FactChange.FaultMoved(
            moment.now(), instance, state, state, "is heard of again", captures));
  }

  @Override
  boolean remembers() {
    return state != FaultState.CLEAR || when.remembers();
  }

  @Override
  Memory.OfFault memory() {
    List<HeldSince> held = new ArrayList<>();
    when.tellSince(held);
    List<HeldSince> ending = new ArrayList<>();
    if (end != null) {
      end.tellSince(ending);
    }
    return new Memory.OfFault(
        instance,
        state,
        raisedAt,
        lastEvent,
        Optional.ofNullable(event),
        captures,
        held,
        ending,
        awaitsFacts,
        level,
        due);
  }

  @Override
  void recall(Memory memory) {
    Memory.OfFault before = (Memory.OfFault) memory;
    recall(before, new Recollection(before.held()), new Recollection(before.ending()));
  }

  private void recall(Memory.OfFault before, Recollection held, Recollection ending) {
    state = before.state();
    raisedAt = before.raisedAt();
    lastEvent = before.lastEvent();
    event = before.event().orElse(null);
    captures = before.captures();
    awaitsFacts = before.awaitsFacts();
    level = before.level();
    when.recall(held);
    bindEnd();
    if (end != null) {
      end.recall(ending);
    }
  }

  /**
   * Goes on from a cell whose condition had other numbers: the start of what held is kept, the
   * state is what the new numbers make of it. Where they cannot tell for want of facts, what is
   * raised stays raised.
   *
   * @param past what the facts that are kept give by themselves with the new numbers
   */
  void recount(Memory.OfFault before, Memory.OfFault past, Moment moment, Changes changes) {
    if (past.isRaised() && !before.isRaised() && !fault.event()) {
      recall(past);
      raisedAt = moment.now();
    } else {
      recall(
          before,
          new Recollection(before.held(), past.held()),
          new Recollection(before.ending(), past.ending()));
      if (isRaised() && !wouldBeRaised(past, moment)) {
        finish(moment.now(), "its numbers are others", changes);
      }
    }
  }

  private boolean wouldBeRaised(Memory.OfFault past, Moment moment) {
    if (fault.event()) {
      Fact.Event raisedBy = event;
      return raisedBy == null || matches(fault.when(), raisedBy);
    }
    return switch (when.look(moment)) {
      case TRUE, UNKNOWN -> true;
      case FALSE -> {
        boolean begun = when instanceof HeldNode held && held.part() == Truth.TRUE;
        long from = raisedAt - fault.when().horizon().toNanos();
        yield !begun && (past.isRaised() || !reachesTo(from));
      }
    };
  }

  /** Whether the event raises the fault, whatever else must hold at its moment. */
  private static boolean matches(Condition condition, Fact.Event event) {
    boolean[] found = {false};
    happens(
        condition,
        happens ->
            found[0] |=
                happens.reading().signal().name().equals(event.signal())
                    && EventMatch.all(happens.tests(), event));
    return found[0];
  }

  private Map<String, String> capture(Moment moment) {
    Map<String, String> found = new TreeMap<>();
    if (!fault.captures().isEmpty()) {
      happens(
          fault.when(),
          happens -> {
            Fact.Event event = event(happens, moment);
            if (event != null && EventMatch.all(happens.tests(), event)) {
              found.putAll(EventMatch.captures(happens.tests(), event, fault.captures()));
            }
          });
    }
    return Map.copyOf(found);
  }

  /** The event at hand, where it is one of the entity's, or of a related one's, signal. */
  private Fact.@Nullable Event event(Condition.Happens happens, Moment moment) {
    SeriesStore known = store;
    if (known == null) {
      return null;
    }
    Signal signal = happens.reading().signal();
    for (EntityId one : known.topology().related(entity, signal.entity())) {
      Series series = known.find(one, signal.name());
      Fact.Event event = series == null ? null : moment.eventOf(series);
      if (event != null) {
        return event;
      }
    }
    return null;
  }

  private static void happens(Condition condition, Consumer<Condition.Happens> sink) {
    if (condition instanceof Condition.Happens happens) {
      sink.accept(happens);
    } else if (condition instanceof Condition.All all) {
      all.parts().forEach(part -> happens(part, sink));
    } else if (condition instanceof Condition.Any any) {
      any.parts().forEach(part -> happens(part, sink));
    }
  }

  private void whileRaised(
      Moment moment, Changes changes, Truth holds, boolean stillWrong, Truth part) {
    if (fault.event()) {
      if (moment.isEvent() && holds == Truth.TRUE) {
        lastEvent = moment.now();
        event = moment.event();
        bindEnd();
        if (!isFormer) {
          changes.add(
              new FactChange.FaultRepeated(
                  moment.now(), instance, Wording.of(fault.when()) + " happened again"));
        }
        move(moment.now(), FaultState.RAISED, "happened again", changes);
      }
      clearAfter(moment, changes);
      if (isRaised() && end != null) {
        endBy(end, moment, changes, FactChange.IS_CURED);
      }
    } else if (end != null) {
      if (stillWrong) {
        end.reset();
        move(moment.now(), FaultState.RAISED, "holds again", changes);
      } else {
        endBy(end, moment, changes, "clears");
      }
    } else if (part == Truth.FALSE) {
      finish(moment.now(), "no longer holds", changes);
    }
  }

  private void clearAfter(Moment moment, Changes changes) {
    if (fault.clearAfter().isPresent()) {
      long at = lastEvent + fault.clearAfter().get().toNanos();
      if (moment.reached(at)) {
        finish(moment.now(), FactChange.TIME_IS_OVER, changes);
      }
    }
  }

  private void endBy(Node node, Moment moment, Changes changes, String because) {
    Truth over = node.look(moment);
    boolean begun = node instanceof HeldNode held && held.part() == Truth.TRUE;
    if (over == Truth.TRUE) {
      finish(moment.now(), because, changes);
    } else if (begun) {
      move(moment.now(), FaultState.CLEARING, because + " if it stays so", changes);
    } else {
      move(moment.now(), FaultState.RAISED, "does not clear yet", changes);
    }
  }

  private void finish(long now, String because, Changes changes) {
    raisedAt = Series.NEVER;
    lastEvent = Series.NEVER;
    event = null;
    if (end != null) {
      end.reset();
    }
    move(now, FaultState.CLEAR, because, changes);
    captures = Map.of();
  }

  /** By hand, or because a repair was confirmed. A level that still holds is raised again. */
  void clear(long now, String because, Changes changes) {
    if (state != FaultState.CLEAR) {
      when.reset();
      finish(now, because, changes);
    }
  }

  private void move(long now, FaultState to, String because, Changes changes) {
    if (state != to) {
      FaultState from = state;
      state = to;
      if (isFormer) {
        if (to == FaultState.CLEAR) {
          changes.add(new FactChange.FormerCleared(now, instance, because));
        }
        return;
      }
      changes.add(new FactChange.FaultMoved(now, instance, from, to, because, captures));
    }
  }
}
