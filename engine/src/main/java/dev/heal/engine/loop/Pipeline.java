package dev.heal.engine.loop;

import dev.heal.dsl.policy.CheckedPolicy;
import dev.heal.engine.decide.Halt;
import dev.heal.engine.decide.Times;
import dev.heal.engine.fact.EntityId;
import dev.heal.engine.fact.Fact;
import dev.heal.engine.fact.FactChange;
import dev.heal.engine.fact.FactChange.FaultState;
import dev.heal.engine.fact.FactStage;
import dev.heal.engine.fact.FaultInstance;
import dev.heal.engine.fact.Topology;
import dev.heal.engine.fact.Truth;
import dev.heal.engine.record.Entry;
import dev.heal.engine.record.EntryType;
import dev.heal.engine.rule.RuleSession;
import dev.heal.engine.schedule.Answer;
import dev.heal.engine.schedule.FaultView;
import dev.heal.engine.schedule.Order;
import dev.heal.engine.schedule.Outcome;
import dev.heal.engine.schedule.Past;
import dev.heal.engine.schedule.RepairView;
import dev.heal.engine.schedule.Repairs;
import dev.heal.engine.schedule.Stood;
import dev.heal.engine.verify.Verifier;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * All stages, one after the other, for one input at a time. The same inputs in the same order give
 * the same entries and orders, whether the hands are real or only modelled.
 */
final class Pipeline implements AutoCloseable {
  private static final int MOST_ROUNDS = 1_000;
  private static final String WHERE = "where:";

  private final CheckedPolicy policies;
  private final Topology topology;
  private final Consumer<Entry> sink;
  private final FactStage facts;
  private final StageViews views;
  private final RuleSession.Rules rules;
  private RuleSession session;
  private final Repairs repairs;
  private final Verifier verifier;
  private Suppressions suppressions;
  private final Hands hands;
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
  Pipeline(
      CheckedPolicy policies,
      Topology topology,
      FactStage facts,
      Hands hands,
      boolean assumes,
      Past past,
      Consumer<Entry> sink) {
    this.policies = policies;
    this.topology = topology;
    this.hands = hands;
    this.sink = sink;
    this.facts = facts;
    this.now = facts.now();
    this.views = new StageViews(facts, topology);
    this.rules = new RuleSession.Rules(policies);
    this.session = rules.open();
    this.repairs = new Repairs(policies, views, views, past);
    this.verifier = new Verifier(views, assumes);
    this.suppressions = new Suppressions(policies, views, topology::version, session);
    turn(facts.atStart());
    for (Stood stood : past.stood()) {
      turn(facts.restore(stood.instance(), stood.raisedAt()));
    }
  }

  /**
   * Throws the rule session away and builds it anew from what is believed now. Nothing is decided
   * differently: the session is a function of the current facts.
   */
  void rebuildRules() {
    session.close();
    session = rules.open();
    long toldAt = suppressions.toldAt(); // what has ended since is for its timer to tell
    suppressions = new Suppressions(policies, views, topology::version, session);
    for (FactStage.Standing standing : facts.raised()) {
      session.raised(standing.instance());
      suppressions.raised(standing.instance(), standing.raisedAt());
    }
    for (FactStage.Holding holding : facts.holding()) {
      where(holding.key(), holding.entity(), Truth.TRUE);
    }
    suppressions.tell(repairs::suppresses, toldAt);
    proposed = session.version();
  }

  private void where(String key, EntityId entity, Truth truth) {
    if (key.startsWith(WHERE)) {
      session.where(key.substring(WHERE.length()), entity, truth == Truth.TRUE);
    }
  }

  /** What became of an order; timers due before it run first. */
  void ended(Order order, Outcome outcome, long at) {
    runTo(at - 1);
    now = Math.max(now, at);
    List<FactChange> changes = now <= views.believedUntil ? facts.advanceTo(now) : List.of();
    repairs.outcome(order, outcome, now);
    turn(changes);
  }

  /** What an operator commands; timers due before it run first. */
  Answer command(long at, Function<Repairs, Answer> command) {
    runTo(at - 1);
    now = Math.max(now, at);
    List<FactChange> changes = now <= views.believedUntil ? facts.advanceTo(now) : List.of();
    Answer answer = command.apply(repairs);
    repairs.outbox().takeEntries().forEach(sink); // before what comes of it
    turn(changes);
    return answer;
  }

  /** What the next engine is to go on with. */
  List<Stood> stood() {
    return repairs.stood();
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
        new EntityStates(faults, open, orders).of(facts.vitals(at)),
        List.copyOf(topology.unresolved()),
        facts.duplicates());
  }

  /** What keeps the hands still; the same list as long as nothing changes. */
  List<Halt> halts() {
    return repairs.halts();
  }

  /** The number of the last ladder that was ever opened. */
  long lastLadder() {
    return repairs.lastLadder();
  }

  /** Takes a fact; timers due before it run first. A late fact is applied now. */
  void accept(Fact fact) {
    runTo(fact.at() - 1);
    now = Math.max(now, fact.at());
    List<FactChange> changes = facts.accept(fact);
    if (!changes.isEmpty()) {
      turn(changes);
    }
  }

  /** Runs every timer due up to {@code end}, each at its own time. */
  void runTo(long end) {
    if (due > end && facts.nextTimer() > end) {
      return; // what most facts find
    }
    for (long next = nextAt(); next <= end && next != Times.NEVER; next = nextAt()) {
      now = Math.max(now, next);
      List<FactChange> changes = now <= views.believedUntil ? facts.advanceTo(now) : List.of();
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
    return views.believedUntil == Times.NEVER ? Math.min(due, facts.nextTimer()) : due;
  }

  /** When a stage behind the facts has something to do; only a turn changes it. */
  private long dueBehindFacts() {
    long next = Math.min(repairs.nextAt(), verifier.nextAt());
    next = Math.min(next, suppressions.nextAt());
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
      repairs.outbox().takeConfirmations().forEach(verifier::begin);
      verifier.turn(now).forEach(proof -> repairs.proof(proof, now));
      repairs.turn(now);
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
    suppressions.tell(repairs::suppresses, now);
    if (session.version() != proposed) {
      proposed = session.version();
      repairs.proposed(session.current(), now);
    }
  }

  private void apply(FactChange change) {
    if (change instanceof FactChange.FaultMoved moved) {
      fault(moved);
    } else if (change instanceof FactChange.FaultRepeated repeated) {
      repairs.repeated(repeated.instance(), repeated.because(), repeated.at());
    } else if (change instanceof FactChange.EventsVoided voided) {
      repairs.voided(voided, voided.at());
    } else if (change instanceof FactChange.ConditionMoved condition) {
      where(condition.key(), condition.entity(), condition.truth());
    }
  }

  private void fault(FactChange.FaultMoved moved) {
    FaultInstance instance = moved.instance();
    boolean was = moved.from() == FaultState.RAISED || moved.from() == FaultState.CLEARING;
    boolean is = moved.to() == FaultState.RAISED || moved.to() == FaultState.CLEARING;
    if (is && !was) {
      session.raised(instance);
      suppressions.raised(instance, moved.at());
      sink.accept(Entry.of(moved.at(), EntryType.FAULT_RAISED, instance, moved.because()));
      repairs.raised(instance, moved.at());
    } else if (was && !is) {
      session.cleared(instance);
      suppressions.cleared(instance);
      sink.accept(Entry.of(moved.at(), EntryType.FAULT_CLEARED, instance, moved.because()));
      repairs.cleared(instance, moved.at());
    }
  }

  @Override
  public void close() {
    session.close();
  }
}
