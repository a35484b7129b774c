package dev.heal.engine.schedule;

import dev.heal.engine.decide.Ladder;
import dev.heal.engine.fact.EntityId;
import dev.heal.engine.record.Entry;
import dev.heal.engine.record.EntryType;
import java.util.Optional;
import java.util.OptionalInt;

/** Entries about ladders and orders. */
final class Entries {
  private Entries() {}

  static Entry of(long at, EntryType type, Ladder ladder, String because) {
    return Entry.of(at, type, ladder.instance(), because)
        .policy(ladder.policy().name())
        .rung(Math.min(ladder.rung(), ladder.policy().rungs().size() - 1))
        .deadline(ladder.deadline());
  }

  /** With the verb and target of the step that the ladder stands at. */
  static Entry step(
      long at, EntryType type, Ladder ladder, Optional<EntityId> target, String because) {
    return of(at, type, ladder, because).act(ladder.currentStep().act().verb(), target);
  }

  static Entry order(long at, EntryType type, Order order, String outcome, String because) {
    return new Entry(
        at,
        type,
        Optional.of(order.instance()),
        Optional.of(order.policy()),
        OptionalInt.empty(),
        Optional.of(order.act().verb()),
        Optional.of(order.target()),
        order.deadline(),
        Optional.of(outcome),
        because);
  }
}
