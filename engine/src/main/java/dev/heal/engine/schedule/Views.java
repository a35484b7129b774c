package dev.heal.engine.schedule;

import dev.heal.dsl.policy.Policy;
import dev.heal.engine.decide.Estate;
import dev.heal.engine.decide.Ladder;
import dev.heal.engine.decide.Times;
import dev.heal.engine.decide.Verdict;
import dev.heal.engine.fact.EntityId;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/** How the repairs stand, for people to see. Changes nothing. */
public final class Views {
  private static final int MOST_TARGETS = 5;

  private final Estate estate;
  private final Standing standing;
  private final StepGate gate;
  private final Reversals reversals;

  Views(Estate estate, Standing standing, StepGate gate, Reversals reversals) {
    this.estate = estate;
    this.standing = standing;
    this.gate = gate;
    this.reversals = reversals;
  }

  /** The repairs that have not ended, by number. */
  public List<RepairView> repairs(long now) {
    return standing.ladders.values().stream()
        .filter(ladder -> !ladder.ended())
        .map(ladder -> repair(ladder, now))
        .toList();
  }

  private RepairView repair(Ladder ladder, long now) {
    Optional<Verdict.Hold> hold = hold(ladder, now);
    return new RepairView(
        ladder.id(),
        ladder.policy().name(),
        ladder.policy().mode(),
        ladder.policy().priority(),
        ladder.instance(),
        ladder.raisedAt(),
        ladder.phase(),
        ladder.begun(),
        next(ladder),
        hold.map(Verdict.Hold::reason),
        hold.map(Verdict.Hold::because).or(() -> waits(ladder)),
        time(ladder.wakeAt()),
        ladder.deadline(),
        ladder.missed(),
        ladder.begun() ? OptionalLong.empty() : time(ladder.expiresAt()),
        ladder.policy().mode() == Policy.Mode.APPROVE && !ladder.begun() && !ladder.approved());
  }

  private Optional<Verdict.Hold> hold(Ladder ladder, long now) {
    Optional<Verdict> verdict =
        switch (ladder.phase()) {
          case DUE -> ladder.lastVerdict();
          case HELD -> gate.verdict(ladder, ladder.currentStep().act(), now);
          case WAITING_TO_START, ACTING, CONFIRMING, BACKOFF, ENDED -> Optional.empty();
        };
    return verdict.filter(Verdict.Hold.class::isInstance).map(Verdict.Hold.class::cast);
  }

  private static Optional<String> waits(Ladder ladder) {
    return switch (ladder.phase()) {
      case DUE, HELD, ENDED -> Optional.empty();
      case WAITING_TO_START -> Optional.of("waits for its `start when`");
      case ACTING -> Optional.of("is carried out");
      case CONFIRMING ->
          Optional.of("waits for its proof, until " + Times.iso(ladder.confirmUntil()));
      case BACKOFF -> Optional.of("is tried again at " + Times.iso(ladder.wakeAt()));
    };
  }

  private String next(Ladder ladder) {
    if (!ladder.hasRung()) {
      return "give up";
    }
    Policy.Act act = ladder.currentStep().act();
    NavigableSet<EntityId> targets = ladder.targets(act, estate);
    String on =
        targets.stream()
            .limit(MOST_TARGETS)
            .map(EntityId::toString)
            .collect(Collectors.joining(", "));
    String more =
        targets.size() > MOST_TARGETS
            ? " and %d more".formatted(targets.size() - MOST_TARGETS)
            : "";
    return "rung %d of %d, step %d of %d: %s %s%s"
        .formatted(
            ladder.rung() + 1,
            ladder.policy().rungs().size(),
            ladder.step() + 1,
            ladder.currentRung().steps().size(),
            act.verb(),
            on.isEmpty() ? "(no target is known)" : on,
            more);
  }

  private static OptionalLong time(long at) {
    return at == Times.NEVER ? OptionalLong.empty() : OptionalLong.of(at);
  }

  /** The raised faults, sorted. */
  public List<FaultView> faults() {
    return standing.episodes.values().stream().map(this::fault).toList();
  }

  private FaultView fault(Episode episode) {
    Optional<Ladder> open = episode.ladder.filter(ladder -> !ladder.ended());
    return new FaultView(
        episode.instance,
        standing.fault(episode.instance).severity(),
        episode.raisedAt,
        open.isPresent() ? OptionalLong.of(open.get().id()) : OptionalLong.empty(),
        care(episode, open),
        open.isEmpty() && isLeft(episode));
  }

  private static boolean isLeft(Episode episode) {
    return switch (episode.end) {
      case OPEN -> true;
      case REPAIRED -> false;
      case GAVE_UP, VOID -> true;
    };
  }

  private static String care(Episode episode, Optional<Ladder> open) {
    if (open.isPresent()) {
      return "repair %d by `%s`".formatted(open.get().id(), open.get().policy().name());
    }
    if (episode.ladder.isEmpty()) {
      return "no policy takes it: it is left to you";
    }
    if (episode.ladder.get().policy().mode() == Policy.Mode.OBSERVE) {
      return "`%s` only observes: it is left to you"
          .formatted(episode.ladder.get().policy().name());
    }
    return switch (episode.end) {
      case OPEN -> "its repair has ended";
      case REPAIRED -> "its repair is confirmed; it has not cleared yet";
      case GAVE_UP -> "given up: it is left to you";
      case VOID -> "its repair was called off: it is left to you";
    };
  }

  /** What stands and is to be undone. */
  public List<StandingAct> standingActs() {
    return reversals.standing();
  }
}
