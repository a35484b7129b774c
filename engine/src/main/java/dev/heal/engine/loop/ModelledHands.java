package dev.heal.engine.loop;

import dev.heal.dsl.policy.TestCase;
import dev.heal.engine.decide.Times;
import dev.heal.engine.schedule.Order;
import dev.heal.engine.schedule.Outcome;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/** An action takes its {@code takes} and succeeds, unless it is told to fail. Nothing is done. */
final class ModelledHands implements Hands {
  private record Completion(long at, Order order) {}

  private final List<TestCase.Target> failing;
  private final PriorityQueue<Completion> completions =
      new PriorityQueue<>(
          Comparator.comparingLong(Completion::at).thenComparingLong(c -> c.order().id()));

  ModelledHands(List<TestCase.Target> failing) {
    this.failing = List.copyOf(failing);
  }

  @Override
  public void take(Order order, long now) {
    completions.add(new Completion(Times.after(now, order.takes()), order));
  }

  @Override
  public List<Ended> ended(long now) {
    List<Ended> ended = new ArrayList<>();
    while (!completions.isEmpty() && completions.element().at() <= now) {
      Order order = completions.remove().order();
      ended.add(new Ended(order, outcome(order)));
    }
    return ended;
  }

  private Outcome outcome(Order order) {
    if (order.purpose() == Order.Purpose.UNDO) {
      return new Outcome(Outcome.Kind.DONE, "undone");
    }
    return failing.stream().anyMatch(target -> names(target, order))
        ? new Outcome(Outcome.Kind.FAILED, "told to fail")
        : new Outcome(Outcome.Kind.DONE, "simulated");
  }

  private static boolean names(TestCase.Target target, Order order) {
    return target.word().equals(order.act().verb())
        && target.kind().map(kind -> kind == order.target().kind()).orElse(true)
        && target.name().map(name -> name.equals(order.target().name())).orElse(true);
  }

  /** Whether nothing is being done. */
  boolean areIdle() {
    return completions.isEmpty();
  }

  @Override
  public long nextAt() {
    return completions.isEmpty() ? Times.NEVER : completions.element().at();
  }
}
