package dev.heal.engine.schedule;

import dev.heal.dsl.policy.CheckedPolicy;
import dev.heal.dsl.policy.Policy;
import dev.heal.dsl.vocabulary.EntityKind;
import dev.heal.engine.decide.Breaker;
import dev.heal.engine.decide.Cordons;
import dev.heal.engine.decide.Decider;
import dev.heal.engine.decide.Estate;
import dev.heal.engine.decide.Halt;
import dev.heal.engine.decide.Ladder;
import dev.heal.engine.decide.Times;
import dev.heal.engine.decide.Verdict;
import dev.heal.engine.fact.EntityId;
import dev.heal.engine.fact.FactChange;
import dev.heal.engine.fact.FaultInstance;
import dev.heal.engine.record.Entry;
import dev.heal.engine.record.EntryType;
import dev.heal.engine.rule.Proposal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;

/**
 * All repairs: which are due, which run, which ended. The loop tells what happened and takes away
 * orders, confirmations and entries.
 *
 * <p>Due ladders are considered by priority, then earliest deadline, then order of declaration.
 */
public final class Repairs {
  private static final Comparator<Ladder> ORDER =
      Comparator.comparingInt((Ladder l) -> -l.policy().priority())
          .thenComparingLong(l -> l.deadline().orElse(Times.NEVER))
          .thenComparingInt(l -> l.policy().order())
          .thenComparing(Ladder::instance);

  private final Estate estate;
  private final Evidence evidence;
  private final Outbox outbox;
  private final Ledgers ledgers;
  private final Standing standing;
  private final Decider decider;
  private final Pages pages;
  private final Climb climb;
  private final DueLadders dueLadders;
  private final Unwritten unwritten;
  private final Reversals reversals;
  private final Aftermath aftermath;
  private final Operators operators;
  private final HaltCommands haltCommands;
  private final Views views;
  private final Handover handover;
  private final Rest rest;
  private final Openings openings;

  /** Nothing was ordered before. */
  public Repairs(CheckedPolicy policies, Estate estate, Evidence evidence) {
    this(policies, estate, evidence, Past.NONE);
  }

  /** Begins without repairs, behind what was before. */
  public Repairs(CheckedPolicy policies, Estate estate, Evidence evidence, Past past) {
    this.outbox = new Outbox(past.lastOrder());
    this.ledgers = new Ledgers(past.halts(), past.cordons());
    this.estate = estate;
    this.evidence = evidence;
    this.standing = new Standing(policies, estate, evidence, ledgers);
    this.decider = new Decider(policies, estate, ledgers.halts());
    this.pages = new Pages(standing::everKnown, outbox);
    this.unwritten = new Unwritten(outbox, ledgers, pages);
    this.reversals = new Reversals(outbox, pages, unwritten);
    Shared shared = new Shared(estate, evidence, outbox, ledgers, pages);
    StepGate gate = new StepGate(shared, decider, standing);
    this.climb = new Climb(shared, gate, unwritten, this::ended);
    this.dueLadders = new DueLadders(shared, standing, decider, climb);
    this.aftermath = new Aftermath(past, climb, standing);
    Aftermath.fill(ledgers, past.entries(), standing, estate);
    this.openings = new Openings(shared, standing, aftermath, climb, past.lastLadder());
    this.operators = new Operators(shared, standing, this::reject, openings::reopen);
    this.haltCommands = new HaltCommands(policies, decider, shared);
    this.views = new Views(estate, standing, gate, reversals);
    this.handover = new Handover(standing, decider, haltCommands, ledgers, reversals);
    this.rest =
        new Rest(
            shared,
            standing,
            decider,
            new Rest.Holders(reversals, aftermath, climb.disturbances(), handover, unwritten));
  }

  /** Goes on where others were at rest, with the same policies. */
  public Repairs(CheckedPolicy policies, Estate estate, Evidence evidence, AtRest kept) {
    this(policies, estate, evidence, kept.past());
    rest.goOnWith(kept);
    if (kept.offered()) {
      openings.offered();
    }
  }

  /** All that they know; empty while an order is under way. */
  public Optional<AtRest> atRest() {
    return rest.take(openings.lastLadder(), openings.isOffered());
  }

  /** What was proposed last, to those who were at rest; opens nothing. */
  public void wereProposed(Collection<Proposal> proposals) {
    openings.wereProposed(proposals);
  }

  /** Hands everything over to other policies; by name where the meaning does not tell. */
  public Handover handover() {
    return handover;
  }

  /** What is to be handed on: it is taken away by asking. */
  public Outbox outbox() {
    return outbox;
  }

  /** What operators say about repairs and faults. */
  public Operators operators() {
    return operators;
  }

  /** What operators say about all of them at once. */
  public HaltCommands haltCommands() {
    return haltCommands;
  }

  /** How the repairs stand, to be shown. */
  public Views views() {
    return views;
  }

  /** What keeps the hands still; the same list as long as nothing changes. */
  public List<Halt> halts() {
    return ledgers.halts().all();
  }

  /** Which cordons are ours: the next engine is to know it. */
  public Cordons cordons() {
    return ledgers.cordons();
  }

  /** The declared maintenances whose windows are open, with their ends. */
  public Map<String, Long> windows(long now) {
    return decider.windows(now);
  }

  /** What the next engine is to go on with, by instance. */
  public List<Stood> stood() {
    return standing.episodes.values().stream().map(Stood::of).toList();
  }

  /** The number of the last ladder that was ever opened; 0 for none. */
  public long lastLadder() {
    return openings.lastLadder();
  }

  /**
   * An instance was raised.
   *
   * @param captures what raised it said, by name
   */
  public void raised(FaultInstance instance, Map<String, String> captures, long now) {
    Optional<Long> before = aftermath.raisedAt(instance);
    standing.episodes.put(instance, new Episode(instance, before.orElse(now), captures));
    if (before.isPresent() || !standing.isRoot(instance)) {
      return; // what stood is no new fault for the breakers
    }
    for (Breaker breaker : decider.breakers()) {
      Optional<String> tripped = breaker.raised(now, instance.entity());
      if (tripped.isPresent()) {
        outbox.add(Entry.of(now, EntryType.BREAKER_TRIPPED, instance, tripped.get()));
        breaker
            .declared()
            .pager()
            .ifPresent(
                pager ->
                    pages.page(
                        pager,
                        new Cause(instance, breaker.declared().name(), captures),
                        standing.fault(instance).span(),
                        now));
      }
    }
  }

  /** An instance cleared: what has not begun lapses, reversible acts are undone. */
  public void cleared(FaultInstance instance, long now) {
    aftermath.cleared(instance);
    Episode episode = standing.episodes.remove(instance);
    if (episode != null) {
      lapse(episode, "the fault cleared before the repair began", now);
      episode.ladder.filter(Ladder::begun).ifPresent(ladder -> climb.look(ladder, now));
    }
    reversals.cleared(instance, now);
  }

  private void lapse(Episode episode, String because, long now) {
    episode
        .ladder
        .filter(ladder -> !ladder.ended() && !ladder.begun())
        .ifPresent(ladder -> end(ladder, now, because));
  }

  /**
   * The policies in force do not raise the instance, though those before did: what has not begun
   * lapses; a repair that runs finishes by the policies that began it, and what it did stands until
   * then. What stands and nobody needs is undone, one after the other.
   */
  public void withdrawn(FaultInstance instance, String because, long now) {
    aftermath.cleared(instance);
    Episode episode = standing.episodes.remove(instance);
    if (episode != null) {
      lapse(episode, because, now);
      Optional<Ladder> running = episode.ladder.filter(l -> l.begun() && !l.ended());
      running.ifPresent(Ladder::outlive);
      if (running.isPresent()) {
        return;
      }
    }
    reversals.withdrawn(instance, because, now);
  }

  /** An instance that only a repair of earlier policies follows cleared. */
  public void formerCleared(FaultInstance instance, long now) {
    for (Ladder ladder : standing.begun()) {
      if (ladder.isFormer() && ladder.instance().equals(instance)) {
        climb.look(ladder, now);
      }
    }
    if (!evidence.isRaised(instance)) {
      reversals.cleared(instance, now);
    }
  }

  /** What raised the instance happened again. */
  public void repeated(FaultInstance instance, String because, long now) {
    outbox.add(Entry.of(now, EntryType.FAULT_REPEATED, instance, because));
    Episode episode = standing.episodes.get(instance);
    if (episode != null) {
      episode.ladder.ifPresent(ladder -> climb.repeated(ladder, now));
    }
  }

  /**
   * A host booted, or loaded its driver, anew. Faults that events raised before it end, unless a
   * repair runs; what runs there is verified anew.
   */
  public void voided(FactChange.EventsVoided restart, long now) {
    NavigableSet<EntityId> there = estate.inside(restart.node());
    if (restart.gpusOnly()) {
      there.removeIf(entity -> entity.kind() != EntityKind.GPU);
    }
    reversals.voided(there, restart.because(), now);
    for (Ladder ladder : standing.begun()) {
      if (ladder.targets(ladder.currentStep().act(), estate).stream().anyMatch(there::contains)
          || there.contains(ladder.instance().entity())) {
        climb.overtaken(ladder, restart.because(), now);
      }
    }
    for (Episode episode : List.copyOf(standing.episodes.values())) {
      boolean running = episode.ladder.filter(l -> l.begun() && !l.ended()).isPresent();
      if (!running
          && there.contains(episode.instance.entity())
          && standing.fault(episode.instance).event()) {
        evidence.repaired(episode.instance, now, "void: " + restart.because());
      }
    }
  }

  /** The whole current set of proposals: opens ladders for what is new, and no ladder twice. */
  public void proposed(Collection<Proposal> proposals, long now) {
    openings.proposed(proposals, now);
  }

  /** An order ended. */
  public void outcome(Order order, Outcome outcome, long now) {
    unwritten.heard(order, outcome);
    switch (order.purpose()) {
      case UNDO -> reversals.outcome(order, outcome, now);
      case NOTICE -> {
        boolean done = outcome.kind() == Outcome.Kind.DONE;
        String word = done ? "done" : "failed";
        EntryType type = done ? EntryType.ACTION_DONE : EntryType.ACTION_FAILED;
        outbox.add(Entries.order(now, type, order, word, outcome.because()));
        stands(order, outcome, now);
      }
      case STEP -> {
        stands(order, outcome, now);
        Ladder ladder = standing.ladders.get(order.ladder());
        if (ladder != null) {
          climb.outcome(ladder, order, outcome, now);
        }
      }
    }
  }

  /** Remembers what was done: to take it back, and to know whose it is. */
  private void stands(Order order, Outcome outcome, long now) {
    if (outcome.kind() != Outcome.Kind.DONE) {
      return;
    }
    ledgers.cordons().done(order.act().verb(), order.target());
    reversals.reset(order, estate, now);
    reversals.done(order, now, standing.isByEvent(order));
    if (order.act().reversible() && !isRaised(order)) {
      reversals.cleared(order.instance(), now);
    }
  }

  /** Whether the fault is raised that the order is for, in the eyes of whoever ordered it. */
  private boolean isRaised(Order order) {
    Ladder ladder = standing.ladders.get(order.ladder());
    return evidence.isRaised(order.instance())
        || (ladder != null && ladder.isFormer() && evidence.isStillRaised(order.instance()));
  }

  /** The answer to a confirmation. */
  public void proof(Confirmation.Proof proof, long now) {
    Ladder ladder = standing.ladders.get(proof.ladder());
    if (ladder != null && ladder.phase() == Ladder.Phase.CONFIRMING) {
      climb.proof(ladder, proof, now);
    }
  }

  private void reject(Ladder ladder, String because, long now) {
    climb.end(ladder, Episode.End.VOID, because, now);
  }

  /** Whether a raised instance is a parent whose repair is due, running or confirmed. */
  public boolean suppresses(FaultInstance instance) {
    Episode episode = standing.episodes.get(instance);
    if (episode == null || episode.ladder.isEmpty()) {
      return false;
    }
    Ladder ladder = episode.ladder.get();
    if (ladder.ended()) {
      return episode.end == Episode.End.REPAIRED && ladder.policy().mode() != Policy.Mode.OBSERVE;
    }
    return switch (ladder.policy().mode()) {
      case OBSERVE -> false;
      case APPROVE -> ladder.begun() && ladder.phase() != Ladder.Phase.HELD;
      case ENFORCE ->
          ladder.begun()
              ? ladder.phase() != Ladder.Phase.HELD
              : !(ladder.lastVerdict().orElse(null) instanceof Verdict.Hold);
    };
  }

  /** Runs everything that is due at {@code now}: deadlines, pauses, undoings, decisions. */
  public void turn(long now) {
    haltCommands.expire(now);
    reversals.due(now);
    for (Ladder ladder : List.copyOf(standing.ladders.values())) {
      if (!ladder.ended()) {
        deadline(ladder, now);
        climb.look(ladder, now);
      }
    }
    openings.offer(now);
    List<Ladder> due = new ArrayList<>();
    standing.ladders.values().stream()
        .filter(l -> l.phase() == Ladder.Phase.DUE && !evidence.awaitsFacts(l.instance()))
        .forEach(due::add);
    due.sort(ORDER);
    due.forEach(ladder -> dueLadders.consider(ladder, now));
    standing.ladders.values().removeIf(Ladder::ended);
  }

  /** When {@link #turn} has something to do at the latest; {@link Times#NEVER} for nothing. */
  public long nextAt() {
    long next = Math.min(reversals.nextAt(), ledgers.halts().nextEnd());
    for (Ladder ladder : standing.ladders.values()) {
      next = Math.min(next, ladder.wakeAt());
      if (!ladder.begun() && ladder.policy().mode() != Policy.Mode.OBSERVE) {
        next = Math.min(next, ladder.expiresAt());
      }
      if (!ladder.missed() && !ladder.done() && ladder.deadline().isPresent()) {
        next = Math.min(next, ladder.deadline().getAsLong());
      }
    }
    return next;
  }

  private void deadline(Ladder ladder, long now) {
    if (ladder.deadline().isPresent()
        && !ladder.missed()
        && !ladder.done()
        && ladder.deadline().getAsLong() <= now) {
      ladder.markMissed();
      String why =
          !ladder.begun() && ladder.lastVerdict().orElse(null) instanceof Verdict.Hold hold
              ? "not begun: " + hold.because()
              : "the rung was not done within "
                  + Times.words(ladder.policy().within().orElseThrow());
      outbox.add(Entries.of(now, EntryType.DEADLINE_MISSED, ladder, why));
    }
  }

  /** Ends a ladder that did not repair. */
  private void end(Ladder ladder, long now, String because) {
    climb.end(ladder, Episode.End.VOID, because, now);
  }

  private void ended(Ladder ladder, Episode.End end, long now) {
    Episode episode = standing.episodes.get(ladder.instance());
    if (episode != null && episode.ladder.filter(l -> l == ladder).isPresent()) {
      episode.end = end;
      if (ladder.isCalledOff()) {
        openings.offered();
      }
    }
    if (ladder.begun()) {
      ledgers.history().ended(ladder, estate, now);
    }
    if (end == Episode.End.REPAIRED) {
      ledgers.history().repaired(ladder, now);
      if (!ladder.isFormer() && ladder.fault().event() && ladder.fault().cured().isEmpty()) {
        evidence.repaired(ladder.instance(), now, "its repair was confirmed");
      }
    }
    if (ladder.isFormer()) {
      evidence.unfollow(ladder.instance());
      if (!evidence.isRaised(ladder.instance())) {
        reversals.withdrawn(ladder.instance(), "the policies that did it are gone", now);
      }
    }
  }
}
