package dev.heal.engine.schedule;

import dev.heal.dsl.policy.Policy;
import dev.heal.engine.decide.Times;
import dev.heal.engine.fact.EntityId;
import dev.heal.engine.fact.FaultInstance;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** What was done and is to be taken back: {@code throttle}, {@code degrade}. */
final class Reversals {
  /**
   * @param dueAt by {@code undo after}; {@link Times#NEVER} where the clearing of the fault decides
   */
  record Reversal(
      FaultInstance instance,
      String policy,
      Policy.Act act,
      EntityId target,
      boolean onClear,
      long dueAt) {}

  private final List<Reversal> open = new ArrayList<>();

  /** The act was done on the target; a second one of the same verb there replaces the first. */
  void done(Order order, long now, boolean eventFault) {
    if (!order.act().reversible() || order.undo()) {
      return;
    }
    open.removeIf(
        r -> r.target().equals(order.target()) && r.act().verb().equals(order.act().verb()));
    long dueAt = order.act().undoAfter().map(d -> Times.after(now, d)).orElse(Times.NEVER);
    open.add(
        new Reversal(
            order.instance(),
            order.policy(),
            order.act(),
            order.target(),
            !eventFault && !order.act().undoOnReset(),
            dueAt));
  }

  /** What is to be taken back because the fault cleared. */
  List<Reversal> cleared(FaultInstance instance) {
    return take(r -> r.onClear() && r.instance().equals(instance));
  }

  /** What is to be taken back because its time has come. */
  List<Reversal> due(long now) {
    return take(r -> r.dueAt() <= now);
  }

  long nextAt() {
    return open.stream().mapToLong(Reversal::dueAt).min().orElse(Times.NEVER);
  }

  private List<Reversal> take(java.util.function.Predicate<Reversal> which) {
    List<Reversal> taken = new ArrayList<>();
    for (Iterator<Reversal> each = open.iterator(); each.hasNext(); ) {
      Reversal reversal = each.next();
      if (which.test(reversal)) {
        taken.add(reversal);
        each.remove();
      }
    }
    return taken;
  }
}
