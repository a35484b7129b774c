package dev.heal.engine.schedule;

import dev.heal.dsl.policy.Policy;
import dev.heal.engine.decide.Estate;
import dev.heal.engine.decide.Ladder;
import dev.heal.engine.decide.Times;
import dev.heal.engine.decide.Verdict;
import dev.heal.engine.fact.EntityId;
import dev.heal.engine.record.Entry;
import dev.heal.engine.record.EntryType;
import java.util.ArrayList;
import java.util.List;
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
  private final StepGate gate;
  private final Ledgers ledgers;
  private final Disturbances disturbances;
  private final Pages pages;
  private final RungChoice rungChoice;
  private final Unwritten unwritten;
  private final Ending ending;

  Climb(Shared shared, StepGate gate, Unwritten unwritten, Ending ending) {
    this.unwritten = unwritten;
    this.estate = shared.estate();
    this.evidence = shared.evidence();
    this.outbox = shared.outbox();
    this.ledgers = shared.ledgers();
    this.pages = shared.pages();
    this.gate = gate;
    this.ending = ending;
    this.disturbances = new Disturbances(estate, evidence);
    this.rungChoice = new RungChoice(ledgers.learning());
  }

  /** What steps have stopped. */
  Disturbances disturbances() {
    return disturbances;
  }

  /** The ladder may act: chooses its rung by the time that is left, and starts it. */
  void begin(Ladder ladder, long now) {
    int chosen = rungChoice.choose(ladder, now);
    for (int rung = ladder.rung(); rung < chosen; rung++) {
      long left = ladder.deadline().orElse(now) - now;
      outbox.add(
          Entries.of(
                  now,
                  EntryType.PASSED_OVER,
                  ladder,
                  rungChoice.passedOver(ladder.policy().rungs().get(rung), left))
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
    Optional<String> unwanted = gate.unwanted(ladder);
    if (unwanted.isPresent()) {
      wrapUp(ladder, unwanted.get(), now);
      return;
    }
    if (gate.holds(ladder, now) || (ladder.currentStep().act().waits() && mustWait(ladder, now))) {
      return;
    }
    Optional<String> cordonStays = gate.cordonStays(ladder);
    if (cordonStays.isPresent()) {
      outbox.add(
          Entries.step(now, EntryType.PASSED_OVER, ladder, Optional.empty(), cordonStays.get()));
      doneInTime(ladder);
      stepConfirmed(ladder, now);
      return;
    }
    order(ladder, now);
  }

  private void order(Ladder ladder, long now) {
    Policy.Step step = ladder.currentStep();
    NavigableSet<EntityId> targets = ladder.targets(step.act(), estate);
    if (targets.isEmpty()) {
      nobody(ladder, now);
      return;
    }
    ladder.phase(Ladder.Phase.ACTING, Times.NEVER);
    disturbances.acting(ladder, step.act(), targets, now);
    unwritten.ordered(ladder, targets.size());
    for (EntityId target : targets) {
      ledgers.enforced().order(now, step.act().verb(), target);
      Order order = outbox.step(ladder, step, target);
      ledgers.learning().started(order, now);
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

  /** Where there is no work of the kind, none is to be moved; any other act needs its target. */
  private void nobody(Ladder ladder, long now) {
    Policy.Act act = ladder.currentStep().act();
    String kind = act.target().map(k -> k.word()).orElse("target");
    String why = "no %s of %s is known".formatted(kind, ladder.instance().entity());
    if (act.verb().equals("migrate")) {
      outbox.add(
          Entries.step(
              now, EntryType.PASSED_OVER, ladder, Optional.empty(), why + ": nothing to move"));
      doneInTime(ladder);
      stepConfirmed(ladder, now);
    } else {
      rungFailed(ladder, why, now);
    }
  }

  /** What the ladder was for is gone: only a cordon of ours is still taken back. */
  private void wrapUp(Ladder ladder, String because, long now) {
    int last = ladder.currentRung().steps().size();
    for (int step = ladder.step(); step < last; step++) {
      ladder.toStep(step);
      if (ladder.currentStep().act().verb().equals("uncordon")
          && gate.cordonStays(ladder).isEmpty()) {
        order(ladder, now);
        return;
      }
    }
    end(ladder, Episode.End.VOID, because, now);
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
    long latest = start.atLatest().map(d -> Times.after(ladder.raisedAt(), d)).orElse(Times.NEVER);
    boolean waiting = ladder.phase() == Ladder.Phase.WAITING_TO_START;
    if (!waiting) {
      evidence.watch(startKey(ladder), start.condition(), entity, Long.MIN_VALUE);
    }
    if (latest <= now || gate.isTrue(startKey(ladder), entity)) {
      evidence.unwatch(startKey(ladder), entity);
      return false;
    }
    if (!waiting) {
      ladder.phase(Ladder.Phase.WAITING_TO_START, latest);
      String until = latest == Times.NEVER ? "" : ", at latest " + Times.iso(latest);
      outbox.add(
          Entries.step(
                  now,
                  EntryType.HELD,
                  ladder,
                  Optional.empty(),
                  "waits for its `start when`" + until)
              .outcome("hold"));
    }
    return true;
  }

  /** A ladder that waits is looked at: what it waits for may have come. */
  void look(Ladder ladder, long now) {
    switch (ladder.phase()) {
      case WAITING_TO_START, HELD -> startStep(ladder, now);
      case BACKOFF -> {
        if (unwritten.hasNeverBegun(ladder) && ladder.expiresAt() <= now) {
          expire(ladder, now);
        } else if (ladder.wakeAt() <= now || ladder.isCalledOff()) {
          startStep(ladder, now);
        }
      }
      case DUE, ACTING, CONFIRMING, ENDED -> {}
    }
  }

  void outcome(Ladder ladder, Order order, Outcome outcome, long now) {
    if (!ladder.openOrders().remove(order.id())) {
      return;
    }
    boolean done = outcome.kind() == Outcome.Kind.DONE;
    ledgers.learning().ended(order, ladder.currentStep(), done, now);
    outbox.add(
        Entries.step(
                now,
                done ? EntryType.ACTION_DONE : EntryType.ACTION_FAILED,
                ladder,
                Optional.of(order.target()),
                outcome.because())
            .outcome(outcome.kind().word()));
    switch (outcome.kind()) {
      case DONE -> {}
      case FAILED -> ladder.fail(outcome.because());
      case REFUSED -> ladder.refuse(outcome.because());
      case UNKNOWN -> ladder.doubt();
      case NOT_BEGUN -> unwritten.notBegun(ladder, order);
    }
    if (ladder.openOrders().isEmpty()) {
      stepEnded(ladder, outcome, now);
    }
  }

  private void stepEnded(Ladder ladder, Outcome last, long now) {
    if (unwritten.isAll(ladder)) {
      disturbances.over(ladder, now);
      unwritten.postpone(ladder, last.because(), now);
      return;
    }
    if (unwritten.isSome(ladder)) {
      ladder.fail("not all of it could be written down");
    }
    unwritten.begun(ladder);
    if (ladder.failure().isEmpty()) {
      verify(ladder, now);
    } else if (ladder.refused()) {
      disturbances.over(ladder, now);
      rungFailed(ladder, ladder.failure().get(), now);
    } else {
      stepFailed(ladder, ladder.failure().get(), now);
    }
  }

  /** The orders of the step are done, or their end is not known: now facts must tell. */
  private void verify(Ladder ladder, long now) {
    if (!ladder.unknown()) {
      doneInTime(ladder);
    }
    disturbances.settling(ladder, now);
    confirm(ladder, now, Times.after(now, ladder.currentStep().timeout()));
  }

  private static void doneInTime(Ladder ladder) {
    if (ladder.step() == RungChoice.lastTimedStep(ladder.currentRung())) {
      ladder.markDone();
    }
  }

  private void confirm(Ladder ladder, long from, long until) {
    Policy.Step step = ladder.currentStep();
    ladder.phase(Ladder.Phase.CONFIRMING, Times.NEVER);
    ladder.confirmUntil(until);
    outbox.confirm(
        new Confirmation(
            ladder.id(),
            step.confirm(),
            new TreeSet<>(ladder.targets(step.act(), estate)),
            from,
            until));
  }

  /** What raised the fault happened again: a running confirmation begins anew. */
  void repeated(Ladder ladder, long now) {
    if (ladder.phase() == Ladder.Phase.CONFIRMING) {
      outbox.withdraw(ladder.id());
      confirm(ladder, now, ladder.confirmUntil());
    }
  }

  /** The host has restarted under a ladder: what its step did is for the facts to tell. */
  void overtaken(Ladder ladder, String because, long now) {
    outbox.add(
        Entries.step(now, EntryType.HELD, ladder, Optional.empty(), because + ": verified anew")
            .outcome("hold"));
    evidence.unwatch(startKey(ladder), ladder.instance().entity());
    outbox.withdraw(ladder.id());
    ladder.openOrders().clear();
    verify(ladder, now);
  }

  void proof(Ladder ladder, Confirmation.Proof proof, long now) {
    disturbances.over(ladder, now);
    if (!proof.healed()) {
      stepFailed(ladder, proof.because(), now);
      return;
    }
    doneInTime(ladder);
    outbox.add(
        Entries.step(now, EntryType.CONFIRMED, ladder, Optional.empty(), proof.because())
            .outcome(proof.assumed() ? "assumed" : "healed"));
    if (ladder.unknown()) { // what nobody has told us of, the facts have
      Policy.Act act = ladder.currentStep().act();
      ladder.targets(act, estate).forEach(target -> ledgers.cordons().done(act.verb(), target));
    }
    stepConfirmed(ladder, now);
  }

  private void stepConfirmed(Ladder ladder, long now) {
    if (ladder.isLastStep()) {
      end(ladder, Episode.End.REPAIRED, Entry.LAST_STEP_CONFIRMED, now);
    } else {
      ladder.toStep(ladder.step() + 1);
      startStep(ladder, now);
    }
  }

  private void stepFailed(Ladder ladder, String why, long now) {
    disturbances.over(ladder, now);
    Policy.Step step = ladder.currentStep();
    // what may have happened once already is not done twice
    boolean again = !ladder.isCalledOff() && !(ladder.unknown() && step.act().destructive());
    if (again && step.repeat().filter(r -> ladder.tries() < r.times()).isPresent()) {
      Policy.Repeat repeat = step.repeat().get();
      ladder.tryAgain();
      long wake = Times.after(now, Backoff.pause(repeat, ladder.tries()));
      outbox.add(
          Entries.step(
                  now,
                  EntryType.HELD,
                  ladder,
                  Optional.empty(),
                  "%s; again at %s (%d of %d)"
                      .formatted(why, Times.iso(wake), ladder.tries(), repeat.times()))
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
    } else if (ladder.isCalledOff()) {
      end(ladder, Episode.End.VOID, StepGate.CALLED_OFF, now);
    } else {
      giveUp(ladder, "every rung has failed", now);
    }
  }

  /** Gives up: its acts run once, and the instance stays raised for a human. */
  void giveUp(Ladder ladder, String why, long now) {
    if (ledgers.halts().isEnding()) {
      ladder.phase(Ladder.Phase.HELD, Times.NEVER); // not its fault: the next engine goes on
      return;
    }
    outbox.add(Entries.of(now, EntryType.GAVE_UP, ladder, why));
    List<Policy.Act> acts = new ArrayList<>();
    for (Policy.Act act : ladder.policy().giveUp()) {
      Optional<String> held = gate.verdict(ladder, act, now).map(Verdict::because);
      held.ifPresent(
          because ->
              outbox.add(
                  Entries.of(now, EntryType.PASSED_OVER, ladder, because)
                      .act(act.verb(), Optional.of(ladder.instance().entity()))));
      if (held.isEmpty()) {
        acts.add(act);
      }
    }
    pages.giveUp(ladder, acts, now);
    end(ladder, Episode.End.GAVE_UP, why, now);
  }

  /** Not begun in time: void, with a page. */
  void expire(Ladder ladder, long now) {
    outbox.add(
        Entries.of(
            now,
            EntryType.EXPIRED,
            ladder,
            "not begun within " + Times.words(ladder.policy().expires())));
    pages.tell(ladder, now);
    end(ladder, Episode.End.VOID, "expired", now);
  }

  /** Another ranks higher: at once where nothing acts, else behind the step that runs. */
  void outranked(Ladder ladder, long now) {
    if (ladder.phase() != Ladder.Phase.ACTING) {
      yieldTo(ladder, now);
    }
  }

  private void yieldTo(Ladder ladder, long now) {
    unwritten.forget(ladder);
    outbox.withdraw(ladder.id());
    evidence.unwatch(startKey(ladder), ladder.instance().entity());
    disturbances.over(ladder, now);
    outbox.add(
        Entry.of(
                now,
                EntryType.DECISION,
                ladder.instance(),
                "outranked by `" + ladder.outrankedBy().orElseThrow() + "`")
            .policy(ladder.policy().name())
            .outcome("outranked"));
    if (ladder.isFormer()) {
      end(ladder, Episode.End.VOID, "outranked, and its policies are in force no longer", now);
    } else {
      ladder.startOver();
    }
  }

  void end(Ladder ladder, Episode.End end, String because, long now) {
    if (ladder.ended()) {
      return;
    }
    outbox.withdraw(ladder.id());
    evidence.unwatch(startKey(ladder), ladder.instance().entity());
    ladder.ownWhere().ifPresent(key -> evidence.unwatch(key, ladder.instance().entity()));
    disturbances.over(ladder, now);
    unwritten.forget(ladder);
    ladder.phase(Ladder.Phase.ENDED, Times.NEVER);
    outbox.add(Entries.of(now, EntryType.ENDED, ladder, because));
    ending.ended(ladder, end, now);
  }
}
