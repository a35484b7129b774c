package dev.heal.engine.loop;

import dev.heal.dsl.policy.CheckedPolicy;
import dev.heal.engine.decide.Halt;
import dev.heal.engine.decide.Ladder;
import dev.heal.engine.decide.Times;
import dev.heal.engine.fact.EntityId;
import dev.heal.engine.fact.Fact;
import dev.heal.engine.fact.FactChange;
import dev.heal.engine.fact.FactStage;
import dev.heal.engine.fact.FaultInstance;
import dev.heal.engine.fact.Truth;
import dev.heal.engine.record.Entry;
import dev.heal.engine.record.EntryType;
import dev.heal.engine.schedule.Answer;
import dev.heal.engine.schedule.CheckRun;
import dev.heal.engine.schedule.Confirmation;
import dev.heal.engine.schedule.Deviations;
import dev.heal.engine.schedule.FaultView;
import dev.heal.engine.schedule.Order;
import dev.heal.engine.schedule.Outcome;
import dev.heal.engine.schedule.Past;
import dev.heal.engine.schedule.RepairView;
import dev.heal.engine.schedule.Repairs;
import dev.heal.engine.schedule.Stood;
import dev.heal.engine.verify.Verifier;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * All stages, one after the other, for one input at a time. The same inputs in the same order give
 * the same entries and orders, whether the hands are real or only modelled.
 */
final class Pipeline implements AutoCloseable {
  private static final int MOST_ROUNDS = 1_000;

  /** No version of any session. */
  private static final long NONE = -1;

  private final Consumer<Entry> sink;
  private final StageViews views;
  private final Repairs repairs;
  private final Verifier verifier;
  private final Hands hands;
  private final Appointments appointments;

  /** All that belongs to the policies in force; replaced as a whole. */
  private Ruling ruling;

  private long now;
  private long due = Times.NEVER;

  /** The version of the proposals that the repairs know. */
  private long proposed;

  /**
   * Begins a run at the time of the stage.
   *
   * @param past what the engine before left
   * @param assumes what no fact speaks of is taken to hold
   * @param sink is told every entry, in order
   */
  Pipeline(FactStage facts, Hands hands, boolean assumes, Past past, Consumer<Entry> sink) {
    this.hands = hands;
    this.appointments = new Appointments(past.interim());
    this.sink = noting(appointments, sink);
    this.now = facts.now();
    this.views = new StageViews(facts);
    this.ruling = new Ruling(facts);
    this.repairs = new Repairs(facts.policy(), views, views, past);
    this.verifier = new Verifier(views, assumes);
    turn(facts.atStart());
    for (Stood stood : past.stood()) {
      turn(facts.restore(stood.instance(), stood.raisedAt(), stood.captures()));
    }
  }

  /** Goes on where another one stood. */
  Pipeline(Checkpoint before, Hands hands, boolean assumes, Consumer<Entry> sink) {
    this.hands = hands;
    this.appointments = new Appointments(before.appointments());
    this.sink = noting(appointments, sink);
    this.now = before.now();
    FactStage facts = before.facts().sameStage();
    this.views = new StageViews(facts);
    this.ruling = new Ruling(facts);
    this.repairs = new Repairs(facts.policy(), views, views, before.repairs());
    this.verifier = new Verifier(views, assumes, before.confirmations());
    ruling.tellAll();
    ruling.suppressions().tell(repairs::suppresses, before.toldAt());
    proposed = ruling.session().version();
    repairs.wereProposed(ruling.session().current());
    due = dueBehindFacts();
  }

  private static Consumer<Entry> noting(Appointments appointments, Consumer<Entry> sink) {
    return entry -> {
      appointments.seen(entry);
      sink.accept(entry);
    };
  }

  /** All that is known now; empty while a step's orders are under way. */
  Optional<Checkpoint> checkpoint() {
    if (!views.caused.isEmpty()) {
      return Optional.empty();
    }
    return repairs
        .atRest()
        .flatMap(
            rest ->
                facts()
                    .copyNow()
                    .map(
                        copy ->
                            new Checkpoint(
                                now,
                                ruling.suppressions().toldAt(),
                                copy,
                                rest,
                                verifier.kept(),
                                appointments.kept())));
  }

  /**
   * Throws the rule session away and builds it anew from what is believed now. Nothing is decided
   * differently: the session is a function of the current facts.
   */
  void rebuildRules() {
    Ruling before = ruling;
    ruling = new Ruling(before.facts());
    ruling.tellAll();
    ruling.suppressions().tell(repairs::suppresses, before.suppressions().toldAt());
    before.close(); // what has ended since is for its timer to tell
    proposed = ruling.session().version();
  }

  /** The policies in force. */
  CheckedPolicy policies() {
    return ruling.facts().policy();
  }

  FactStage facts() {
    return ruling.facts();
  }

  Repairs repairs() {
    return repairs;
  }

  /** Begins to prepare other policies: what is remembered now is where they go on from. */
  Preparation prepare(GenerationId generation, Deviations deviations, long at) {
    runTo(at - 1);
    now = Math.max(now, at);
    return new Preparation(generation, deviations, facts());
  }

  /** The ends of what is in force for a time. */
  Appointments appointments() {
    return appointments;
  }

  /**
   * Puts other policies in force, once they have caught up with all that came; timers due before it
   * run first. One reference changes; what then follows is decided by the next policies alone.
   */
  Handed swap(Preparation prepared, Leaving leaving, long at) {
    runTo(at - 1);
    now = Math.max(now, at);
    leave(leaving);
    Ruling before = ruling;
    Ruling next = prepared.caughtUp();
    SpellChanges spells = new SpellChanges(prepared.succession(), before.facts(), next.facts());
    sink.accept(Entry.of(now, EntryType.RELOADED, prepared.words()));
    ruling = next;
    appointments.follow(prepared.deviations());
    views.look(next.facts());
    runningOn(prepared, before.facts(), next.facts());
    repairs.handover().follow(prepared.plan());
    for (SpellChanges.Ended ended : spells.ended()) {
      withdraw(ended, prepared.generation().toString(), before.facts());
    }
    for (SpellChanges.Begun begun : spells.begun()) {
      String why = begun.because(prepared.generation().toString());
      sink.accept(Entry.of(now, EntryType.FAULT_RAISED, begun.instance(), why));
      repairs.raised(begun.instance(), next.facts().beliefs().captures(begun.instance()), now);
    }
    proposed = NONE;
    turn(List.of());
    return new Handed(before, spells.ended().size(), spells.begun().size());
  }

  private void leave(Leaving leaving) {
    if (leaving.callsOff()) {
      repairs.handover().callOff();
    }
    if (leaving.forOthers()) {
      repairs.handover().leave();
    }
  }

  /**
   * How the policies in force are left.
   *
   * @param forOthers not only for the same with other deviations
   * @param callsOff whether the repairs that they have begun stop before their next step
   */
  record Leaving(boolean forOthers, boolean callsOff) {}

  /** The {@code where} of a repair that runs goes on, where the next policies have another one. */
  private void runningOn(Preparation prepared, FactStage before, FactStage next) {
    for (Ladder ladder : repairs.handover().running()) {
      if (ladder.isFormer()) {
        next.follow(before, ladder.instance());
      }
      if (ladder.policy().where().isPresent()
          && ladder.ownWhere().isEmpty()
          && !prepared.succession().isSameWatch(ladder.whereKey())) {
        String key = "where of " + ladder.id();
        next.follow(before, ladder.whereKey(), ladder.instance().entity(), key);
        ladder.ownWhere(key);
      }
    }
  }

  private void withdraw(SpellChanges.Ended ended, String generation, FactStage before) {
    FaultInstance instance = ended.instance();
    String why = ended.because(generation);
    sink.accept(Entry.of(now, EntryType.FAULT_CLEARED, instance, why));
    repairs.withdrawn(instance, why, now);
    for (Ladder ladder : repairs.handover().running()) {
      if (ladder.isFormer() && ladder.instance().equals(instance)) {
        facts().follow(before, instance);
      }
    }
  }

  /**
   * What a swap has brought.
   *
   * @param before what is no longer in force, to be closed by whoever has the time
   * @param cleared instances that ended with their fault
   * @param raised instances that the next policies raise
   */
  record Handed(Ruling before, int cleared, int raised) {}

  /** What became of an order; timers due before it run first. */
  void ended(Order order, Outcome outcome, long at) {
    runTo(at - 1);
    now = Math.max(now, at);
    List<FactChange> changes = now <= views.believedUntil ? facts().advanceTo(now) : List.of();
    repairs.outcome(order, outcome, now);
    turn(changes);
  }

  /** What an operator commands; timers due before it run first. */
  Answer command(long at, Function<Repairs, Answer> command) {
    runTo(at - 1);
    now = Math.max(now, at);
    List<FactChange> changes = now <= views.believedUntil ? facts().advanceTo(now) : List.of();
    Answer answer = command.apply(repairs);
    repairs.outbox().takeEntries().forEach(sink); // before what comes of it
    turn(changes);
    return answer;
  }

  /** What the next engine is to go on with. */
  List<Stood> stood() {
    return repairs.stood();
  }

  /** The nodes whose cordon is ours now. */
  NavigableSet<EntityId> cordons() {
    return repairs.cordons().kept();
  }

  /** How all of it stands. */
  EngineView view(List<EngineView.OpenOrder> orders, long at) {
    List<FaultView> faults = repairs.views().faults();
    List<RepairView> open = repairs.views().repairs(at);
    return new EngineView(
        at,
        repairs.halts(),
        repairs.windows(at).entrySet().stream()
            .map(window -> new EngineView.Window(window.getKey(), window.getValue()))
            .toList(),
        faults,
        open,
        orders,
        repairs.views().standingActs(),
        new EntityStates(faults, open, orders).of(facts().beliefs().vitals(at)),
        List.copyOf(facts().topology().unresolved()),
        facts().duplicates());
  }

  /** What keeps the hands still; the same list as long as nothing changes. */
  List<Halt> halts() {
    return repairs.halts();
  }

  /** The number of the last ladder that was ever opened. */
  long lastLadder() {
    return repairs.lastLadder();
  }

  /** Something happened that decides nothing; timers due before it run first. */
  void note(EntryType type, String because, long at) {
    runTo(at - 1);
    now = Math.max(now, at);
    sink.accept(Entry.of(now, type, because));
  }

  /** Takes a fact; timers due before it run first. A late fact is applied now. */
  void accept(Fact fact) {
    runTo(fact.at() - 1);
    now = Math.max(now, fact.at());
    List<FactChange> changes = facts().accept(fact);
    if (!changes.isEmpty()) {
      turn(changes);
    }
  }

  /** Runs every timer due up to {@code end}, each at its own time. */
  void runTo(long end) {
    if (due > end && facts().nextTimer() > end) {
      return; // what most facts find
    }
    for (long next = nextAt(); next <= end && next != Times.NEVER; next = nextAt()) {
      now = Math.max(now, next);
      List<FactChange> changes = now <= views.believedUntil ? facts().advanceTo(now) : List.of();
      if (changes.isEmpty() && due > now) {
        continue; // a timer of the facts that changed nothing
      }
      hands.ended(now).forEach(ended -> repairs.outcome(ended.order(), ended.outcome(), now));
      turn(changes);
    }
  }

  /**
   * The facts have ended: repairs run on, up to {@code end}, but the silence behind the last fact
   * is the end of the recording and no fault.
   */
  void finish(long end) {
    views.believedUntil = now;
    runTo(end);
  }

  /** When the next timer is due; {@link Times#NEVER} for none: all is at rest. */
  long nextAt() {
    return views.believedUntil == Times.NEVER ? Math.min(due, facts().nextTimer()) : due;
  }

  /** When a stage behind the facts has something to do; only a turn changes it. */
  private long dueBehindFacts() {
    long next = Math.min(repairs.nextAt(), verifier.nextAt());
    next = Math.min(next, ruling.suppressions().nextAt());
    next = Math.min(next, appointments.nextAt());
    return Math.min(next, hands.nextAt());
  }

  /** Carries changes through all stages until nothing more follows from them. */
  private void turn(List<FactChange> changes) {
    views.caused.addAll(changes);
    for (int round = 0; round < MOST_ROUNDS; round++) {
      boolean moved = !views.caused.isEmpty();
      while (!views.caused.isEmpty()) {
        apply(views.caused.remove());
      }
      propose();
      repairs.outbox().takeWithdrawn().forEach(verifier::withdraw);
      for (Confirmation confirmation : repairs.outbox().takeConfirmations()) {
        verifier.begin(confirmation);
        CheckRun.of(confirmation).forEach(hands::check);
      }
      verifier.turn(now).forEach(proof -> repairs.proof(proof, now));
      repairs.turn(now);
      appointments.due(now).forEach(sink);
      for (Order order : repairs.outbox().takeOrders()) {
        hands.take(order, now);
        moved = true;
      }
      List<Entry> entries = repairs.outbox().takeEntries();
      entries.forEach(sink);
      if (!moved && entries.isEmpty() && views.caused.isEmpty()) {
        due = dueBehindFacts();
        return;
      }
    }
    throw new IllegalStateException("the stages do not come to rest at " + Times.iso(now));
  }

  private void propose() {
    ruling.suppressions().tell(repairs::suppresses, now);
    if (ruling.session().version() != proposed) {
      proposed = ruling.session().version();
      repairs.proposed(ruling.session().current(), now);
    }
  }

  private void apply(FactChange change) {
    ruling.tell(change);
    if (change instanceof FactChange.FaultMoved moved) {
      fault(moved);
    } else if (change instanceof FactChange.FaultRepeated repeated) {
      repairs.repeated(repeated.instance(), repeated.because(), repeated.at());
    } else if (change instanceof FactChange.EventsVoided voided) {
      repairs.voided(voided, voided.at());
    } else if (change instanceof FactChange.FormerCleared former) {
      repairs.formerCleared(former.instance(), former.at());
    } else if (change instanceof FactChange.ConditionMoved moved
        && moved.key().equals(FactChange.CORDONED)
        && moved.truth() == Truth.FALSE) {
      repairs.cordons().lifted(moved.entity());
    }
  }

  private void fault(FactChange.FaultMoved moved) {
    FaultInstance instance = moved.instance();
    if (moved.raises()) {
      sink.accept(Entry.of(moved.at(), EntryType.FAULT_RAISED, instance, moved.because()));
      repairs.raised(instance, moved.captures(), moved.at());
    } else if (moved.clears()) {
      sink.accept(Entry.of(moved.at(), EntryType.FAULT_CLEARED, instance, moved.because()));
      repairs.cleared(instance, moved.at());
    }
  }

  @Override
  public void close() {
    ruling.close();
  }
}
