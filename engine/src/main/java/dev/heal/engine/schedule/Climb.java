package dev.heal.engine.schedule;

import dev.heal.dsl.policy.Policy;
import dev.heal.engine.decide.Estate;
import dev.heal.engine.decide.Ladder;
import dev.heal.engine.decide.Spent;
import dev.heal.engine.decide.Times;
import dev.heal.engine.fact.EntityId;
import dev.heal.engine.fact.Truth;
import dev.heal.engine.record.Entry;
import dev.heal.engine.record.EntryType;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;

/** Moves one ladder: step by step, rung by rung, to its end. */
final class Climb {
  /** Told when a ladder ends. */
  interface Ending {
    void ended(Ladder ladder, Episode.End end, long now);
  }

  private final Estate estate;
  private final Evidence evidence;
  private final Outbox outbox;
  private final Spent spent;
  private final Ending ending;

  Climb(Estate estate, Evidence evidence, Outbox outbox, Spent spent, Ending ending) {
    this.estate = estate;
    this.evidence = evidence;
    this.outbox = outbox;
    this.spent = spent;
    this.ending = ending;
  }

  /** The ladder may act: chooses its rung by the time that is left, and starts it. */
  void begin(Ladder ladder, long now) {
    int chosen = RungChoice.choose(ladder, now);
    for (int rung = ladder.rung(); rung < chosen; rung++) {
      long left = ladder.deadline().orElse(now) - now;
      outbox.add(
          Entries.of(
                  now,
                  EntryType.PASSED_OVER,
                  ladder,
                  RungChoice.passedOver(ladder.policy().rungs().get(rung), left))
              .rung(rung));
    }
    ladder.toRung(chosen);
    startStep(ladder, now);
  }

  private void startStep(Ladder ladder, long now) {
    if (ladder.outrankedBy().isPresent()) {
      yieldTo(ladder, now);
      return;
    }
    Policy.Step step = ladder.currentStep();
    if (!evidence.isRaised(ladder.instance()) && !step.act().verb().equals("uncordon")) {
      end(ladder, Episode.End.VOID, "the fault cleared before the step began", now);
      return;
    }
    if (step.act().waits() && mustWait(ladder, now)) {
      return;
    }
    NavigableSet<EntityId> targets = ladder.targets(step.act(), estate);
    if (targets.isEmpty()) {
      String kind = step.act().target().map(k -> k.word()).orElse("target");
      rungFailed(ladder, "no %s of %s is known".formatted(kind, ladder.instance().entity()), now);
      return;
    }
    ladder.phase(Ladder.Phase.ACTING, Times.NEVER);
    for (EntityId target : targets) {
      spent.order(now, step.act().verb(), target);
      Order order = outbox.order(ladder, step, target);
      ladder.openOrders().add(order.id());
      outbox.add(
          Entries.step(
              now,
              EntryType.ACTION_STARTED,
              ladder,
              Optional.of(target),
              ladder.tries() == 0
                  ? "rung " + (ladder.rung() + 1) + ", step " + (ladder.step() + 1)
                  : "repetition " + ladder.tries()));
    }
  }

  private static String startKey(Ladder ladder) {
    return "start:" + ladder.id();
  }

  private boolean mustWait(Ladder ladder, long now) {
    if (ladder.policy().startWhen().isEmpty()) {
      return false;
    }
    Policy.StartWhen start = ladder.policy().startWhen().get();
    EntityId entity = ladder.instance().entity();
    if (ladder.phase() == Ladder.Phase.WAITING_TO_START) {
      boolean late =
          start.atLatest().isPresent()
              && Times.after(ladder.raisedAt(), start.atLatest().get()) <= now;
      if (!late && evidence.truth(startKey(ladder), entity) != Truth.TRUE) {
        return true;
      }
      evidence.unwatch(startKey(ladder), entity);
      return false;
    }
    evidence.watch(startKey(ladder), start.condition(), entity, Long.MIN_VALUE);
    if (evidence.truth(startKey(ladder), entity) == Truth.TRUE) {
      evidence.unwatch(startKey(ladder), entity);
      return false;
    }
    long latest = start.atLatest().map(d -> Times.after(ladder.raisedAt(), d)).orElse(Times.NEVER);
    if (latest <= now) {
      evidence.unwatch(startKey(ladder), entity);
      return false;
    }
    ladder.phase(Ladder.Phase.WAITING_TO_START, latest);
    outbox.add(
        Entries.step(
                now,
                EntryType.HELD,
                ladder,
                Optional.empty(),
                latest == Times.NEVER
                    ? "waits for its `start when`"
                    : "waits for its `start when`, at latest " + Times.iso(latest))
            .outcome("hold"));
    return true;
  }

  /** What a waiting step waits for may have come true. */
  void startMayHold(Ladder ladder, long now) {
    if (ladder.phase() == Ladder.Phase.WAITING_TO_START) {
      startStep(ladder, now);
    }
  }

  void outcome(Ladder ladder, Order order, Outcome outcome, long now) {
    if (!ladder.openOrders().remove(order.id())) {
      return;
    }
    switch (outcome.kind()) {
      case DONE ->
          outbox.add(
              Entries.step(
                      now,
                      EntryType.ACTION_DONE,
                      ladder,
                      Optional.of(order.target()),
                      outcome.because())
                  .outcome("done"));
      case FAILED, REFUSED, UNKNOWN -> {
        ladder.fail(outcome.because());
        outbox.add(
            Entries.step(
                    now,
                    EntryType.ACTION_FAILED,
                    ladder,
                    Optional.of(order.target()),
                    outcome.because())
                .outcome(outcome.kind().name().toLowerCase(java.util.Locale.ROOT)));
      }
    }
    if (!ladder.openOrders().isEmpty()) {
      return;
    }
    if (outcome.kind() == Outcome.Kind.REFUSED) {
      rungFailed(ladder, outcome.because(), now);
    } else if (ladder.failure().isPresent() && outcome.kind() != Outcome.Kind.UNKNOWN) {
      stepFailed(ladder, ladder.failure().get(), now);
    } else {
      stepDone(ladder, now);
    }
  }

  private void stepDone(Ladder ladder, long now) {
    if (ladder.step() == RungChoice.lastTimedStep(ladder.currentRung())) {
      ladder.markDone();
    }
    Policy.Step step = ladder.currentStep();
    long until = Times.after(now, step.timeout());
    ladder.phase(Ladder.Phase.CONFIRMING, Times.NEVER);
    outbox.confirm(
        new Confirmation(
            ladder.id(),
            step.confirm(),
            new TreeSet<>(ladder.targets(step.act(), estate)),
            now,
            until));
  }

  void proof(Ladder ladder, Confirmation.Proof proof, long now) {
    if (!proof.healed()) {
      stepFailed(ladder, proof.because(), now);
      return;
    }
    outbox.add(
        Entries.step(now, EntryType.CONFIRMED, ladder, Optional.empty(), proof.because())
            .outcome(proof.assumed() ? "assumed" : "healed"));
    if (ladder.isLastStep()) {
      end(ladder, Episode.End.REPAIRED, "its last step is confirmed", now);
    } else {
      ladder.toNextStep();
      startStep(ladder, now);
    }
  }

  private void stepFailed(Ladder ladder, String why, long now) {
    Optional<Policy.Repeat> repeat = ladder.currentStep().repeat();
    if (repeat.isPresent() && ladder.tries() < repeat.get().times()) {
      ladder.tryAgain();
      long wake = Times.after(now, Backoff.pause(repeat.get(), ladder.tries()));
      outbox.add(
          Entries.step(
                  now,
                  EntryType.HELD,
                  ladder,
                  Optional.empty(),
                  "%s; again at %s (%d of %d)"
                      .formatted(why, Times.iso(wake), ladder.tries(), repeat.get().times()))
              .outcome("hold"));
      ladder.phase(Ladder.Phase.BACKOFF, wake);
      return;
    }
    rungFailed(ladder, why, now);
  }

  private void rungFailed(Ladder ladder, String why, long now) {
    outbox.add(Entries.step(now, EntryType.RUNG_FAILED, ladder, Optional.empty(), why));
    if (ladder.outrankedBy().isPresent()) {
      yieldTo(ladder, now);
      return;
    }
    ladder.toRung(ladder.rung() + 1);
    if (ladder.hasRung()) {
      begin(ladder, now);
    } else {
      giveUp(ladder, "every rung has failed", now);
    }
  }

  /** Gives up: its acts run once, and the instance stays raised for a human. */
  void giveUp(Ladder ladder, String why, long now) {
    outbox.add(Entries.of(now, EntryType.GAVE_UP, ladder, why));
    for (Policy.Act act : ladder.policy().giveUp()) {
      announce(ladder, act, now);
    }
    end(ladder, Episode.End.GAVE_UP, why, now);
  }

  private void announce(Ladder ladder, Policy.Act act, long now) {
    outbox.add(
        Entries.of(
                now,
                EntryType.ACTION_STARTED,
                ladder,
                act.object().map(o -> "tells `" + o + "`").orElse("gives up"))
            .act(act.verb(), Optional.of(ladder.instance().entity())));
  }

  /** Not begun in time: void, with a page. */
  void expire(Ladder ladder, long now) {
    outbox.add(
        Entries.of(
            now,
            EntryType.EXPIRED,
            ladder,
            "not begun within " + Times.words(ladder.policy().expires())));
    ladder.policy().giveUp().stream()
        .filter(act -> act.verb().equals("page"))
        .forEach(act -> announce(ladder, act, now));
    end(ladder, Episode.End.VOID, "expired", now);
  }

  /** Time has come for a ladder that waits. */
  void wake(Ladder ladder, long now) {
    switch (ladder.phase()) {
      case BACKOFF, WAITING_TO_START -> startStep(ladder, now);
      case DUE, ACTING, CONFIRMING, ENDED -> {}
    }
  }

  /** Another ranks higher: at once where nothing acts, else behind the step that runs. */
  void outranked(Ladder ladder, long now) {
    if (ladder.phase() != Ladder.Phase.ACTING) {
      yieldTo(ladder, now);
    }
  }

  private void yieldTo(Ladder ladder, long now) {
    outbox.withdraw(ladder.id());
    evidence.unwatch(startKey(ladder), ladder.instance().entity());
    outbox.add(
        Entry.of(
                now,
                EntryType.DECISION,
                ladder.instance(),
                "outranked by `" + ladder.outrankedBy().orElseThrow() + "`")
            .policy(ladder.policy().name())
            .outcome("outranked"));
    ladder.startOver();
  }

  void end(Ladder ladder, Episode.End end, String because, long now) {
    if (ladder.ended()) {
      return;
    }
    outbox.withdraw(ladder.id());
    evidence.unwatch(startKey(ladder), ladder.instance().entity());
    ladder.phase(Ladder.Phase.ENDED, Times.NEVER);
    outbox.add(Entries.of(now, EntryType.ENDED, ladder, because));
    ending.ended(ladder, end, now);
  }
}
