package dev.heal.engine.schedule;

import dev.heal.dsl.policy.CheckedPolicy;
import dev.heal.dsl.policy.Fault;
import dev.heal.dsl.policy.Policy;
import dev.heal.dsl.vocabulary.EntityKind;
import dev.heal.engine.decide.Breaker;
import dev.heal.engine.decide.Decider;
import dev.heal.engine.decide.Estate;
import dev.heal.engine.decide.HoldReason;
import dev.heal.engine.decide.Ladder;
import dev.heal.engine.decide.Situation;
import dev.heal.engine.decide.Spent;
import dev.heal.engine.decide.Times;
import dev.heal.engine.decide.Verdict;
import dev.heal.engine.fact.EntityId;
import dev.heal.engine.fact.FaultInstance;
import dev.heal.engine.record.Entry;
import dev.heal.engine.record.EntryType;
import dev.heal.engine.rule.Proposal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

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

  private record Ended(String policy, EntityId entity) {}

  private record Repaired(int rung, long at) {}

  private final CheckedPolicy policies;
  private final Map<String, Policy> byName = new HashMap<>();
  private final Estate estate;
  private final Evidence evidence;
  private final Decider decider;
  private final Climb climb;
  private final Spent enforced = new Spent();
  private final Spent observed = new Spent();
  private final Reversals reversals = new Reversals();
  private final Map<FaultInstance, Episode> episodes = new TreeMap<>();
  private final Map<Long, Ladder> ladders = new TreeMap<>();
  private final Map<Ended, Long> ends = new HashMap<>();
  private final Map<Ended, Repaired> repaired = new HashMap<>();
  private final Set<String> suppressible = new HashSet<>();
  private final Outbox outbox = new Outbox();
  private final Situation situation = new Now();
  private long ladderCount;

  public Repairs(CheckedPolicy policies, Estate estate, Evidence evidence) {
    this.policies = policies;
    this.estate = estate;
    this.evidence = evidence;
    this.decider = new Decider(policies, estate);
    for (Policy policy : policies.policies()) {
      byName.put(policy.name(), policy);
    }
    for (Fault fault : policies.faults()) {
      fault.suppresses().forEach(s -> suppressible.addAll(s.children()));
    }
    this.climb = new Climb(estate, evidence, outbox, enforced, this::ended);
  }

  /** What is to be handed on: it is taken away by asking. */
  public Outbox outbox() {
    return outbox;
  }

  public List<Breaker> breakers() {
    return decider.breakers();
  }

  /** An instance was raised. */
  public void raised(FaultInstance instance, long now) {
    episodes.put(instance, new Episode(instance, now));
  }

  /** An instance cleared: what has not begun lapses, reversible acts are undone. */
  public void cleared(FaultInstance instance, long now) {
    Episode episode = episodes.remove(instance);
    if (episode != null) {
      episode
          .ladder
          .filter(ladder -> !ladder.ended() && !ladder.begun())
          .ifPresent(ladder -> end(ladder, now, "the fault cleared before the repair began"));
    }
    reversals.cleared(instance).forEach(r -> undo(r, "the fault cleared"));
  }

  /** The whole current set of proposals: opens ladders for what is new, and no ladder twice. */
  public void proposed(Collection<Proposal> proposals, long now) {
    Set<FaultInstance> named = new HashSet<>();
    for (Proposal proposal : proposals) {
      Episode episode = episodes.get(proposal.instance());
      if (episode == null || !named.add(proposal.instance())) {
        continue;
      }
      Policy policy = situation.policy(proposal.policy());
      suppression(episode, policy, proposal, now);
      boolean another =
          episode.ladder.isPresent() && !episode.ladder.get().policy().name().equals(policy.name());
      if (episode.ladder.isEmpty() || (another && !episode.ladder.get().begun())) {
        episode.ladder.ifPresent(
            old -> end(old, now, "`%s` ranks higher".formatted(policy.name())));
        if (episode.end == Episode.End.OPEN) {
          open(episode, policy, now);
        }
      }
    }
    for (Episode episode : episodes.values()) {
      if (!named.contains(episode.instance)) {
        episode
            .ladder
            .filter(l -> !l.ended() && !l.begun())
            .ifPresent(
                l -> {
                  end(l, now, "its `where` no longer holds");
                  episode.ladder = Optional.empty();
                });
      }
    }
  }

  private void suppression(Episode episode, Policy policy, Proposal proposal, long now) {
    Optional<FaultInstance> by =
        Decider.onlyAllowedVerbs(policy) ? Optional.empty() : proposal.suppressedBy();
    if (!by.equals(episode.suppressedBy) && by.isPresent()) {
      outbox.add(
          Entry.of(
                  now,
                  EntryType.SUPPRESSED,
                  episode.instance,
                  "suppressed by " + by.get() + ": one root cause, one repair")
              .policy(policy.name()));
    }
    episode.suppressedBy = by;
  }

  private void open(Episode episode, Policy policy, long now) {
    int first = 0;
    Repaired before = repaired.get(new Ended(policy.name(), episode.instance.entity()));
    if (policy.soak().isPresent()
        && before != null
        && now - before.at() <= policy.soak().get().toNanos()) {
      first = before.rung() + 1;
    }
    Ladder ladder = new Ladder(++ladderCount, policy, episode.instance, episode.raisedAt, first);
    if (first > 0) {
      outbox.add(
          Entry.of(
                  now,
                  EntryType.RUNG_FAILED,
                  episode.instance,
                  "back within its soak of " + Times.words(policy.soak().orElseThrow()))
              .policy(policy.name())
              .rung(first - 1));
    }
    episode.ladder = Optional.of(ladder);
    ladders.put(ladder.id(), ladder);
  }

  /** An order ended. */
  public void outcome(Order order, Outcome outcome, long now) {
    if (order.undo()) {
      outbox.add(
          Entries.order(
              now,
              EntryType.REVERTED,
              order,
              outcome.kind() == Outcome.Kind.DONE ? "done" : "failed",
              outcome.because()));
      return;
    }
    Fault fault = policies.fault(order.instance().fault());
    if (outcome.kind() == Outcome.Kind.DONE) {
      reversals.done(order, now, fault.event());
      if (!evidence.isRaised(order.instance())) {
        reversals.cleared(order.instance()).forEach(r -> undo(r, "the fault cleared"));
      }
    }
    Ladder ladder = ladders.get(order.ladder());
    if (ladder != null) {
      climb.outcome(ladder, order, outcome, now);
    }
  }

  /** The answer to a confirmation. */
  public void proof(Confirmation.Proof proof, long now) {
    Ladder ladder = ladders.get(proof.ladder());
    if (ladder != null && ladder.phase() == Ladder.Phase.CONFIRMING) {
      climb.proof(ladder, proof, now);
    }
  }

  /** Whether a raised instance is a parent whose repair is due, running or confirmed. */
  public boolean suppresses(FaultInstance instance) {
    Episode episode = episodes.get(instance);
    if (episode == null || episode.ladder.isEmpty()) {
      return false;
    }
    Ladder ladder = episode.ladder.get();
    if (ladder.policy().mode() != Policy.Mode.ENFORCE) {
      return false;
    }
    if (ladder.ended()) {
      return episode.end == Episode.End.REPAIRED;
    }
    return ladder.begun() || !(ladder.lastVerdict().orElse(null) instanceof Verdict.Hold);
  }

  /** Runs everything that is due at {@code now}: deadlines, pauses, undoings, decisions. */
  public void turn(long now) {
    reversals.due(now).forEach(r -> undo(r, "its time is over"));
    for (Ladder ladder : List.copyOf(ladders.values())) {
      if (ladder.ended()) {
        continue;
      }
      deadline(ladder, now);
      if (ladder.phase() != Ladder.Phase.DUE && ladder.wakeAt() <= now) {
        climb.wake(ladder, now);
      }
    }
    List<Ladder> due = new ArrayList<>();
    ladders.values().stream().filter(l -> l.phase() == Ladder.Phase.DUE).forEach(due::add);
    due.sort(ORDER);
    due.forEach(ladder -> consider(ladder, now));
    ladders.values().removeIf(Ladder::ended);
  }

  /** When {@link #turn} has something to do at the latest; {@link Times#NEVER} for nothing. */
  public long nextAt() {
    long next = reversals.nextAt();
    for (Ladder ladder : ladders.values()) {
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
          ladder.lastVerdict().orElse(null) instanceof Verdict.Hold hold
              ? "not begun: " + hold.because()
              : "the rung was not done within "
                  + Times.words(ladder.policy().within().orElseThrow());
      outbox.add(Entries.of(now, EntryType.DEADLINE_MISSED, ladder, why));
    }
  }

  private void consider(Ladder ladder, long now) {
    if (!ladder.begun() && ladder.expiresAt() <= now) {
      climb.expire(ladder, now);
      return;
    }
    Verdict verdict = verdict(ladder, now);
    boolean news =
        ladder.lastVerdict().isEmpty()
            || ladder.lastVerdict().get().getClass() != verdict.getClass()
            || (verdict instanceof Verdict.Hold hold
                && ladder.lastVerdict().get() instanceof Verdict.Hold last
                && hold.reason() != last.reason());
    ladder.verdict(verdict);
    if (verdict instanceof Verdict.Hold hold) {
      ladder.phase(Ladder.Phase.DUE, hold.until());
      if (news) {
        outbox.add(
            Entries.step(now, EntryType.HELD, ladder, firstTarget(ladder), hold.because())
                .outcome("hold"));
      }
      if (hold.reason() == HoldReason.CONFLICT) {
        outrank(ladder, now);
      }
    } else if (verdict instanceof Verdict.Act act) {
      begin(ladder, act, now);
    } else if (verdict instanceof Verdict.GiveUp giveUp) {
      climb.giveUp(ladder, giveUp.because(), now);
    } else {
      outbox.add(Entries.of(now, EntryType.DECISION, ladder, verdict.because()).outcome("hold"));
      end(ladder, now, "skipped: " + verdict.because());
    }
  }

  private Verdict verdict(Ladder ladder, long now) {
    Episode episode = episodes.get(ladder.instance());
    if (episode != null && episode.suppressedBy.isPresent()) {
      return new Verdict.Hold(
          HoldReason.SUPPRESSED, "suppressed by " + episode.suppressedBy.get(), Times.NEVER);
    }
    long settled = Times.after(ladder.raisedAt(), settle(ladder));
    if (settled > now && !Decider.onlyAllowedVerbs(ladder.policy())) {
      return new Verdict.Hold(
          HoldReason.SETTLING,
          "a root cause may still arrive, until " + Times.iso(settled),
          settled);
    }
    Spent spent = ladder.policy().mode() == Policy.Mode.OBSERVE ? observed : enforced;
    if (!ladder.hasRung()) {
      return new Verdict.GiveUp("no rung is left");
    }
    Verdict verdict = decider.decide(ladder, now, spent, situation);
    if (verdict instanceof Verdict.Act && ladder.policy().mode() == Policy.Mode.APPROVE) {
      return new Verdict.Hold(
          HoldReason.APPROVAL, "waits for `heal approve " + ladder.id() + "`", Times.NEVER);
    }
    return verdict;
  }

  /** A child whose parent could still arrive waits; never for more than half of {@code within}. */
  private Duration settle(Ladder ladder) {
    if (!suppressible.contains(ladder.instance().fault())) {
      return Duration.ZERO;
    }
    Duration settle = policies.fault(ladder.instance().fault()).settle();
    Optional<Duration> half = ladder.policy().within().map(w -> w.dividedBy(2));
    return half.filter(h -> h.compareTo(settle) < 0).orElse(settle);
  }

  private void begin(Ladder ladder, Verdict.Act act, long now) {
    boolean observe = ladder.policy().mode() == Policy.Mode.OBSERVE;
    Set<EntityId> touched = ladder.targets(ladder.currentStep().act(), estate);
    (observe ? observed : enforced).ladder(now, ladder.policy().name(), ladder.instance(), touched);
    if (!observe) {
      outbox.add(
          Entries.step(now, EntryType.DECISION, ladder, firstTarget(ladder), act.because())
              .outcome("act"));
    }
    ladder.begin();
    if (observe) {
      wouldDo(ladder, act.because(), now);
      end(ladder, now, "observed only");
    } else {
      climb.begin(ladder, now);
    }
  }

  /** Says for each step of the rung, and each target, what would have been done. */
  private void wouldDo(Ladder ladder, String because, long now) {
    for (Policy.Step step : ladder.currentRung().steps()) {
      NavigableSet<EntityId> targets = ladder.targets(step.act(), estate);
      if (targets.isEmpty()) {
        outbox.add(
            Entries.of(now, EntryType.DECISION, ladder, because + "; no target is known")
                .act(step.act().verb(), Optional.empty())
                .outcome("observe"));
      }
      for (EntityId target : targets) {
        outbox.add(
            Entries.of(now, EntryType.DECISION, ladder, because)
                .act(step.act().verb(), Optional.of(target))
                .outcome("observe"));
      }
    }
  }

  private void outrank(Ladder ladder, long now) {
    for (Ladder loser : decider.outranked(ladder, situation)) {
      if (loser.outrankedBy().isEmpty()) {
        loser.outrank(ladder.policy().name());
        climb.outranked(loser, now);
      }
    }
  }

  private Optional<EntityId> firstTarget(Ladder ladder) {
    NavigableSet<EntityId> targets = ladder.targets(ladder.currentStep().act(), estate);
    return targets.isEmpty() ? Optional.empty() : Optional.of(targets.first());
  }

  private void undo(Reversals.Reversal reversal, String because) {
    outbox.order(
        reversal.instance(),
        reversal.policy(),
        reversal.act(),
        Duration.ZERO,
        reversal.target(),
        because);
  }

  /** Ends a ladder that did not repair. */
  private void end(Ladder ladder, long now, String because) {
    climb.end(ladder, Episode.End.VOID, because, now);
  }

  private void ended(Ladder ladder, Episode.End end, long now) {
    Episode episode = episodes.get(ladder.instance());
    if (episode != null && episode.ladder.filter(l -> l == ladder).isPresent()) {
      episode.end = end;
    }
    if (ladder.begun()) {
      ends.put(new Ended(ladder.policy().name(), ladder.instance().entity()), now);
      ladder
          .policy()
          .cooldown()
          .ifPresent(
              c ->
                  estate
                      .related(ladder.instance().entity(), c.per())
                      .forEach(e -> ends.put(new Ended(ladder.policy().name(), e), now)));
    }
    if (end == Episode.End.REPAIRED) {
      repaired.put(
          new Ended(ladder.policy().name(), ladder.instance().entity()),
          new Repaired(ladder.rung(), now));
      Fault fault = policies.fault(ladder.instance().fault());
      if (fault.event() && fault.cured().isEmpty()) {
        evidence.repaired(ladder.instance(), now, "its repair was confirmed");
      }
    }
  }

  /** The situation as the decisions see it. */
  private final class Now implements Situation {
    @Override
    public Collection<Ladder> begun() {
      return ladders.values().stream().filter(l -> l.begun() && !l.ended()).toList();
    }

    @Override
    public NavigableSet<EntityId> down(EntityKind kind) {
      NavigableSet<EntityId> down = new TreeSet<>();
      for (Episode episode : episodes.values()) {
        if (episode.instance.entity().kind() == kind
            && policies.fault(episode.instance.fault()).severity()
                == Fault.FaultSeverity.CRITICAL) {
          down.add(episode.instance.entity());
        }
      }
      for (Ladder ladder : begun()) {
        ladder.currentRung().steps().stream()
            .filter(step -> step.act().destructive())
            .filter(step -> step.act().target().filter(kind::equals).isPresent())
            .forEach(step -> down.addAll(ladder.targets(step.act(), estate)));
      }
      return down;
    }

    @Override
    public Policy policy(String name) {
      Policy policy = byName.get(name);
      if (policy == null) {
        throw new IllegalArgumentException("no policy " + name);
      }
      return policy;
    }

    @Override
    public Optional<Long> lastEnd(Policy policy, EntityId entity) {
      return Optional.ofNullable(ends.get(new Ended(policy.name(), entity)));
    }

    @Override
    public boolean holds(String key, EntityId entity) {
      return evidence.truth(key, entity) == dev.heal.engine.fact.Truth.TRUE;
    }
  }
}
