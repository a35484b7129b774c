package dev.heal.engine.schedule;

import dev.heal.dsl.policy.Policy;
import dev.heal.engine.decide.Ladder;
import dev.heal.engine.decide.Times;
import dev.heal.engine.record.EntryType;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Steps whose orders could not be written down, as on a full disk: nothing was touched, so nothing
 * has failed. They are tried again with growing pauses, and a human is told once for all of them.
 */
final class Unwritten {
  private static final String PAGE = "page";
  private static final Policy.Repeat RETRY =
      new Policy.Repeat(Integer.MAX_VALUE, Duration.ofSeconds(5), Duration.ofMinutes(1));

  /** How it stands with the orders of a ladder that runs. */
  private static final class Step {
    private int orders;
    private int notBegun;

    /** How often in a row nothing of it was begun. */
    private int tries;

    private boolean everBegun;
  }

  private final Outbox outbox;
  private final Ledgers ledgers;
  private final Pages pages;
  private final Map<Long, Step> steps = new TreeMap<>();
  private boolean told;
  private long lastNotBegun;

  Unwritten(Outbox outbox, Ledgers ledgers, Pages pages) {
    this.outbox = outbox;
    this.ledgers = ledgers;
    this.pages = pages;
  }

  /**
   * All of it.
   *
   * @param steps of the ladders that run, by the number of the ladder
   */
  record Kept(Map<Long, KeptStep> steps, boolean told, long lastNotBegun) {}

  /** How it stands with the orders of one. */
  record KeptStep(int orders, int notBegun, int tries, boolean everBegun) {}

  Kept kept() {
    Map<Long, KeptStep> kept = new TreeMap<>();
    steps.forEach(
        (ladder, step) ->
            kept.put(ladder, new KeptStep(step.orders, step.notBegun, step.tries, step.everBegun)));
    return new Kept(kept, told, lastNotBegun);
  }

  /** Goes on from what was kept elsewhere. */
  void goOnWith(Kept kept) {
    kept.steps()
        .forEach(
            (ladder, one) -> {
              Step step = new Step();
              step.orders = one.orders();
              step.notBegun = one.notBegun();
              step.tries = one.tries();
              step.everBegun = one.everBegun();
              steps.put(ladder, step);
            });
    told = kept.told();
    lastNotBegun = kept.lastNotBegun();
  }

  /** A step is ordered: so many orders are on their way. */
  void ordered(Ladder ladder, int orders) {
    Step step = steps.computeIfAbsent(ladder.id(), id -> new Step());
    step.orders = orders;
    step.notBegun = 0;
  }

  /** What became of an order of any kind: one that was begun later shows that it can be written. */
  void heard(Order order, Outcome outcome) {
    if (outcome.kind() == Outcome.Kind.NOT_BEGUN) {
      lastNotBegun = Math.max(lastNotBegun, order.id());
    } else if (order.id() > lastNotBegun && !order.act().verb().equals(PAGE)) {
      told = false; // pages go out whether they can be written or not
    }
  }

  /** An order of the ladder's step was not begun: it is spent from no budget. */
  void notBegun(Ladder ladder, Order order) {
    ledgers.enforced().takeBack(order.act().verb(), order.target());
    Step step = steps.get(ladder.id());
    if (step != null) {
      step.notBegun++;
    }
  }

  /** Whether of the step that has just ended, nothing was begun. */
  boolean isAll(Ladder ladder) {
    Step step = steps.get(ladder.id());
    return step != null && step.notBegun > 0 && step.notBegun == step.orders;
  }

  /** Whether of the step that has just ended, some was not begun. */
  boolean isSome(Ladder ladder) {
    Step step = steps.get(ladder.id());
    return step != null && step.notBegun > 0;
  }

  /** Some of the step was begun. */
  void begun(Ladder ladder) {
    Step step = steps.get(ladder.id());
    if (step != null) {
      step.tries = 0;
      step.everBegun = true;
    }
  }

  /** The ladder has ended, or is at its foot again. */
  void forget(Ladder ladder) {
    Step step = steps.remove(ladder.id());
    if (step != null && step.tries > 0 && steps.values().stream().allMatch(s -> s.tries == 0)) {
      told = false; // nothing waits any more
    }
  }

  /** Whether the ladder waits to be tried again, and nothing of it was ever begun. */
  boolean hasNeverBegun(Ladder ladder) {
    Step step = steps.get(ladder.id());
    return step != null && step.tries > 0 && !step.everBegun && ladder.step() == 0;
  }

  /** The step waits, to be tried again. */
  void postpone(Ladder ladder, String why, long now) {
    Step step = steps.computeIfAbsent(ladder.id(), id -> new Step());
    step.tries++;
    Duration pause = Backoff.pause(RETRY, step.tries);
    long wake = Times.after(now, pause);
    if (hasNeverBegun(ladder)) {
      wake = Math.min(wake, ladder.expiresAt());
    }
    outbox.add(
        Entries.step(
                now,
                EntryType.HELD,
                ladder,
                Optional.empty(),
                "%s; again at %s".formatted(why, Times.iso(wake)))
            .outcome("hold"));
    ladder.phase(Ladder.Phase.BACKOFF, wake);
    if (!told) {
      told = pages.tell(ladder, now);
    }
  }

  /** An undoing was not begun: whoever is to be told is told. */
  void undoingNotBegun(Order undo, long now) {
    if (!told) {
      told = pages.undoingFailed(undo, now);
    }
  }
}
