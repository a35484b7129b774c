package dev.heal.engine.fact;

import dev.heal.dsl.policy.Condition;
import dev.heal.dsl.policy.Wording;
import java.util.ArrayList;
import java.util.List;

/** A condition of a policy or of a step: tells when its truth changes. */
final class WatchCell extends Cell {
  private final Condition condition;
  private final long from;
  private Node node = new Node.Fixed(Truth.UNKNOWN);
  private Truth truth = Truth.UNKNOWN;

  WatchCell(int order, String key, EntityId entity, Condition condition, long from) {
    super(order, key, entity);
    this.condition = condition;
    this.from = from;
  }

  @Override
  void bind(SeriesStore store) {
    Node before = node;
    node = new NodeBuilder(store, this, entity, from, false).build(condition);
    node.takeOver(before);
  }

  @Override
  long look(Moment moment, Changes changes) {
    Truth next = node.look(moment);
    if (next != truth) {
      truth = next;
      changes.add(
          new FactChange.ConditionMoved(
              moment.now(), name, entity, next, Wording.of(condition) + " is " + word(next)));
    }
    // an event is over at once
    return moment.isEvent() && next == Truth.TRUE ? moment.now() : moment.againAt();
  }

  @Override
  boolean remembers() {
    return order == Cells.LAST || node.remembers();
  }

  @Override
  Memory.OfWatch memory() {
    List<HeldSince> held = new ArrayList<>();
    node.tellSince(held);
    return new Memory.OfWatch(order == Cells.LAST, name, entity, condition, from, truth, held, due);
  }

  @Override
  void recall(Memory memory) {
    Memory.OfWatch before = (Memory.OfWatch) memory;
    truth = before.truth();
    node.recall(new Recollection(before.held()));
  }

  private static String word(Truth truth) {
    return switch (truth) {
      case TRUE -> "true";
      case FALSE -> "false";
      case UNKNOWN -> "unknown";
    };
  }

  Truth truth() {
    return truth;
  }
}
