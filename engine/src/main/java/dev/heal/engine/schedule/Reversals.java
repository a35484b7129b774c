package dev.heal.engine.schedule;

import dev.heal.dsl.policy.Policy;
import dev.heal.engine.decide.Estate;
import dev.heal.engine.decide.Times;
import dev.heal.engine.fact.EntityId;
import dev.heal.engine.fact.FaultInstance;
import dev.heal.engine.record.EntryType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;

/**
 * What was done and is to be taken back: {@code throttle}, {@code degrade}. An undoing that fails
 * is tried again until it succeeds; a human is told once.
 */
final class Reversals {
  private static final Set<String> RESETTING = Set.of("reset", "restart");
  private static final Policy.Repeat RETRY =
      new Policy.Repeat(Integer.MAX_VALUE, Duration.ofSeconds(10), Duration.ofMinutes(5));

  /**
   * An act that stands.
   *
   * @param onClear whether the clearing of the fault undoes it
   * @param dueAt by {@code undo after}, or when to try again; {@link Times#NEVER} otherwise
   * @param paced whether it waits for others of its like: what a change of policies undoes is
   *     undone one by one
   * @param failures how often undoing it has failed
   */
  private record Reversal(
      Order done,
      boolean onClear,
      boolean onReset,
      long dueAt,
      String because,
      boolean paced,
      int failures) {
    Reversal due(long at, String why, boolean oneByOne) {
      return new Reversal(done, onClear, onReset, at, why, oneByOne, failures);
    }

    Reversal failed(long again) {
      return new Reversal(done, onClear, onReset, again, because, paced, failures + 1);
    }
  }

  private final Outbox outbox;
  private final Pages pages;
  private final Unwritten unwritten;
  private final List<Reversal> open = new ArrayList<>();
  private final Map<Long, Reversal> undoing = new HashMap<>();

  Reversals(Outbox outbox, Pages pages, Unwritten unwritten) {
    this.outbox = outbox;
    this.pages = pages;
    this.unwritten = unwritten;
  }

  /**
   * An act that stands, in plain values.
   *
   * @param act its place among those of its policy, as {@link Acts} numbers them
   */
  record Kept(
      long order,
      Order.Purpose purpose,
      FaultInstance instance,
      String policy,
      int act,
      Duration takes,
      EntityId target,
      Map<String, String> captures,
      boolean onClear,
      boolean onReset,
      long dueAt,
      String because,
      boolean paced,
      int failures) {}

  /** What stands; empty where something is being undone, or no policy in force knows an act. */
  Optional<List<Kept>> kept(Function<String, Optional<Policy>> policies) {
    List<Kept> kept = new ArrayList<>();
    for (Reversal reversal : open) {
      Order done = reversal.done();
      OptionalInt act =
          policies
              .apply(done.policy())
              .map(policy -> Acts.place(policy, done.act()))
              .orElse(OptionalInt.empty());
      if (act.isEmpty()) {
        return Optional.empty();
      }
      kept.add(kept(reversal, done, act.getAsInt()));
    }
    return undoing.isEmpty() ? Optional.of(kept) : Optional.empty();
  }

  private static Kept kept(Reversal reversal, Order done, int act) {
    return new Kept(
        done.id(),
        done.purpose(),
        done.instance(),
        done.policy(),
        act,
        done.takes(),
        done.target(),
        done.captures(),
        reversal.onClear(),
        reversal.onReset(),
        reversal.dueAt(),
        reversal.because(),
        reversal.paced(),
        reversal.failures());
  }

  /** Goes on with what was kept elsewhere. */
  void goOnWith(List<Kept> kept, Function<String, Policy> policies) {
    for (Kept one : kept) {
      Order done =
          new Order(
              one.order(),
              0, // its ladder has ended
              one.purpose(),
              one.instance(),
              one.policy(),
              Acts.at(policies.apply(one.policy()), one.act()),
              one.takes(),
              one.target(),
              OptionalLong.empty(),
              one.captures());
      open.add(
          new Reversal(
              done,
              one.onClear(),
              one.onReset(),
              one.dueAt(),
              one.because(),
              one.paced(),
              one.failures()));
    }
  }

  /** The act was done on the target; a second one of the same verb there replaces the first. */
  void done(Order order, long now, boolean eventFault) {
    if (!order.act().reversible()) {
      return;
    }
    open.removeIf(
        r ->
            r.done().target().equals(order.target())
                && r.done().act().verb().equals(order.act().verb()));
    boolean onReset = order.act().undoOnReset();
    boolean timed = order.act().undoAfter().isPresent();
    long dueAt = order.act().undoAfter().map(d -> Times.after(now, d)).orElse(Times.NEVER);
    boolean onClear = !eventFault && !onReset && !timed;
    open.add(new Reversal(order, onClear, onReset, dueAt, "its time is over", false, 0));
  }

  /** The fault cleared. */
  void cleared(FaultInstance instance, long now) {
    due(instance, "the fault cleared", false, now);
  }

  /** A change of policies took the fault away: what was done is undone one after the other. */
  void withdrawn(FaultInstance instance, String because, long now) {
    due(instance, because, true, now);
  }

  private void due(FaultInstance instance, String because, boolean paced, long now) {
    open.replaceAll(
        r -> r.onClear() && r.done().instance().equals(instance) ? r.due(now, because, paced) : r);
    due(now);
  }

  /** The orders whose acts still stand, or are being undone. */
  List<Order> orders() {
    List<Order> orders = new ArrayList<>();
    open.forEach(r -> orders.add(r.done()));
    undoing.values().forEach(r -> orders.add(r.done()));
    return orders;
  }

  /** A GPU was reset, or a node restarted: what stands there {@code undo on reset} is gone. */
  void reset(Order order, Estate estate, long now) {
    if (RESETTING.contains(order.act().verb())) {
      voided(estate.inside(order.target()), "undone by the %s".formatted(order.act().verb()), now);
    }
  }

  /** What stood on the entities {@code undo on reset} is gone. */
  void voided(Set<EntityId> entities, String because, long now) {
    for (Iterator<Reversal> each = open.iterator(); each.hasNext(); ) {
      Reversal reversal = each.next();
      if (reversal.onReset() && entities.contains(reversal.done().target())) {
        each.remove();
        outbox.add(Entries.order(now, EntryType.REVERTED, reversal.done(), "done", because));
      }
    }
  }

  /** Orders what is due. */
  void due(long now) {
    List<Reversal> due = new ArrayList<>();
    boolean onePaced = isOnePaced();
    for (Reversal reversal : open) {
      if (reversal.dueAt() <= now && !(reversal.paced() && onePaced)) {
        due.add(reversal);
        onePaced |= reversal.paced();
      }
    }
    open.removeAll(due);
    for (Reversal reversal : due) {
      Order done = reversal.done();
      Order undo = outbox.alone(Order.Purpose.UNDO, Cause.of(done), done.act(), done.target());
      undoing.put(undo.id(), reversal);
    }
  }

  /** An undoing ended. */
  void outcome(Order undo, Outcome outcome, long now) {
    Reversal reversal = undoing.remove(undo.id());
    if (reversal == null) {
      return;
    }
    if (outcome.kind() == Outcome.Kind.DONE) {
      outbox.add(
          Entries.order(
              now,
              EntryType.REVERTED,
              undo,
              "done",
              reversal.because() + "; " + outcome.because()));
      return;
    }
    boolean begun = outcome.kind() != Outcome.Kind.NOT_BEGUN;
    Duration pause = Backoff.pause(RETRY, begun ? reversal.failures() + 1 : 1);
    long again = Times.after(now, pause);
    Reversal next =
        begun ? reversal.failed(again) : reversal.due(again, reversal.because(), reversal.paced());
    outbox.add(
        Entries.order(
            now,
            EntryType.REVERTED,
            undo,
            "failed",
            "%s; undone again in %s".formatted(outcome.because(), Times.words(pause))));
    if (!begun) {
      unwritten.undoingNotBegun(undo, now);
    } else if (next.failures() == 1) {
      pages.undoingFailed(undo, now);
    }
    open.add(next);
  }

  /** What stands, to be shown. */
  List<StandingAct> standing() {
    return open.stream()
        .map(
            r ->
                new StandingAct(
                    r.done().act().verb(),
                    r.done().target(),
                    r.done().instance(),
                    r.dueAt() == Times.NEVER ? OptionalLong.empty() : OptionalLong.of(r.dueAt()),
                    r.failures()))
        .toList();
  }

  long nextAt() {
    boolean onePaced = isOnePaced(); // then the end of that one brings the next
    return open.stream()
        .filter(r -> !(r.paced() && onePaced))
        .mapToLong(Reversal::dueAt)
        .min()
        .orElse(Times.NEVER);
  }

  private boolean isOnePaced() {
    return undoing.values().stream().anyMatch(Reversal::paced);
  }
}
