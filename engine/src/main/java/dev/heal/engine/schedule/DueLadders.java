package dev.heal.engine.schedule;

import dev.heal.dsl.policy.Policy;
import dev.heal.engine.decide.Decider;
import dev.heal.engine.decide.Estate;
import dev.heal.engine.decide.HoldReason;
import dev.heal.engine.decide.Ladder;
import dev.heal.engine.decide.Spent;
import dev.heal.engine.decide.Times;
import dev.heal.engine.decide.Verdict;
import dev.heal.engine.fact.EntityId;
import dev.heal.engine.record.EntryType;
import java.time.Duration;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;

/** The ladders that are due: which of them begins, which is held, which gives up, and why. */
final class DueLadders {
  /** What holds back many repairs at once, which are then released one by one. */
  private static final Set<HoldReason> HOLDING_BACK =
      Set.of(
          HoldReason.PAUSED,
          HoldReason.BREAKER,
          HoldReason.MAINTENANCE,
          HoldReason.SUSPECTS_ITSELF);

  private final Estate estate;
  private final Outbox outbox;
  private final Ledgers ledgers;
  private final Pages pages;
  private final Standing standing;
  private final Decider decider;
  private final Climb climb;

  DueLadders(Shared shared, Standing standing, Decider decider, Climb climb) {
    this.estate = shared.estate();
    this.outbox = shared.outbox();
    this.ledgers = shared.ledgers();
    this.pages = shared.pages();
    this.standing = standing;
    this.decider = decider;
    this.climb = climb;
  }

  /** Decides about it, and does what was decided. */
  void consider(Ladder ladder, long now) {
    if (ladder.phase() != Ladder.Phase.DUE) {
      return; // it gave way to one that was considered before it
    }
    if (!ladder.begun()
        && ladder.expiresAt() <= now
        && ladder.policy().mode() != Policy.Mode.OBSERVE) {
      climb.expire(ladder, now);
      return;
    }
    Verdict verdict = verdict(ladder, now);
    boolean news = ladder.lastVerdict().filter(last -> last.isLike(verdict)).isEmpty();
    ladder.verdict(verdict);
    if (verdict instanceof Verdict.Hold hold) {
      hold(ladder, hold, news, now);
    } else if (verdict instanceof Verdict.Act act) {
      begin(ladder, act, now);
    } else if (verdict instanceof Verdict.GiveUp giveUp) {
      climb.giveUp(ladder, giveUp.because(), now);
    } else {
      outbox.add(Entries.of(now, EntryType.DECISION, ladder, verdict.because()).outcome("hold"));
      climb.end(ladder, Episode.End.VOID, "skipped: " + verdict.because(), now);
    }
  }

  private void hold(Ladder ladder, Verdict.Hold hold, boolean news, long now) {
    ladder.phase(Ladder.Phase.DUE, hold.until());
    if (HOLDING_BACK.contains(hold.reason())) {
      ladder.holdBack();
    }
    if (news) {
      outbox.add(
          Entries.step(now, EntryType.HELD, ladder, firstTarget(ladder), hold.because())
              .outcome("hold"));
      if (ladder.policy().mode() != Policy.Mode.OBSERVE) {
        hold.page()
            .ifPresent(pager -> pages.page(pager, Cause.of(ladder), ladder.policy().span(), now));
      }
    }
    if (hold.reason() == HoldReason.CONFLICT) {
      outrank(ladder, now);
    }
  }

  private Verdict verdict(Ladder ladder, long now) {
    Episode episode = standing.episodes.get(ladder.instance());
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
    if (!ladder.hasRung()) {
      return new Verdict.GiveUp("no rung is left");
    }
    Verdict verdict = decider.decide(ladder, now, spent(ladder), standing);
    if (verdict instanceof Verdict.Act
        && ladder.policy().mode() == Policy.Mode.APPROVE
        && !ladder.approved()) {
      return new Verdict.Hold(
          HoldReason.APPROVAL, "waits for `heal approve " + ladder.id() + "`", Times.NEVER);
    }
    return verdict;
  }

  private Spent spent(Ladder ladder) {
    return ladder.policy().mode() == Policy.Mode.OBSERVE ? ledgers.observed() : ledgers.enforced();
  }

  /** A child whose parent could still arrive waits; never for more than half of {@code within}. */
  private Duration settle(Ladder ladder) {
    if (!standing.isSuppressible(ladder.instance())) {
      return Duration.ZERO;
    }
    Duration settle = standing.fault(ladder.instance()).settle();
    Optional<Duration> half = ladder.policy().within().map(w -> w.dividedBy(2));
    return half.filter(h -> h.compareTo(settle) < 0).orElse(settle);
  }

  private void begin(Ladder ladder, Verdict.Act act, long now) {
    boolean observe = ladder.policy().mode() == Policy.Mode.OBSERVE;
    spent(ladder).ladder(now, ladder.policy(), ladder.instance());
    ladder.begin();
    if (observe) {
      wouldDo(ladder, act.because(), now);
      climb.end(ladder, Episode.End.VOID, "observed only", now);
      return;
    }
    outbox.add(
        Entries.step(now, EntryType.DECISION, ladder, firstTarget(ladder), act.because())
            .outcome("act"));
    climb.begin(ladder, now);
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
    for (Ladder loser : decider.outranked(ladder, standing)) {
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
}
