package dev.heal.engine.schedule;

import dev.heal.dsl.policy.Policy;
import dev.heal.engine.decide.Breaker;
import dev.heal.engine.decide.Decider;
import dev.heal.engine.decide.Ladder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Writes down all that is known of repairs while none is under way, and lets others go on with it
 * as if they had been there.
 */
final class Rest {
  private final Standing standing;
  private final Decider decider;
  private final Ledgers ledgers;
  private final Reversals reversals;
  private final Aftermath aftermath;
  private final Outbox outbox;

  Rest(
      Standing standing, Decider decider, Shared shared, Reversals reversals, Aftermath aftermath) {
    this.standing = standing;
    this.decider = decider;
    this.ledgers = shared.ledgers();
    this.outbox = shared.outbox();
    this.reversals = reversals;
    this.aftermath = aftermath;
  }

  /**
   * All that is known; empty where a repair is under way, an act is being undone, or something
   * stands by policies that are in force no longer.
   */
  Optional<AtRest> take(long lastLadder, boolean offered) {
    if (!standing.begun().isEmpty()) {
      return Optional.empty();
    }
    Optional<List<Reversals.Kept>> acts = reversals.kept(standing::find);
    Optional<List<AtRest.Spell>> spells = spells();
    if (acts.isEmpty() || spells.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new AtRest(
            outbox.lastOrder(),
            lastLadder,
            ledgers.halts().all(),
            ledgers.enforced().kept(),
            ledgers.observed().kept(),
            ledgers.history().kept(),
            ledgers.cordons().kept(),
            learned(),
            standing.trustFrom(),
            spells.get(),
            decider.breakers().stream().map(Breaker::kept).toList(),
            acts.get(),
            aftermath.kept(),
            offered));
  }

  private Optional<List<AtRest.Spell>> spells() {
    List<AtRest.Spell> spells = new ArrayList<>();
    for (Episode episode : standing.episodes.values()) {
      if (episode.ladder.filter(ladder -> !isKnown(ladder)).isPresent()) {
        return Optional.empty();
      }
      spells.add(
          new AtRest.Spell(
              episode.instance,
              episode.raisedAt,
              episode.captures,
              episode.ladder.map(Ladder::kept),
              episode.suppressedBy,
              episode.resumed,
              episode.end));
    }
    return Optional.of(spells);
  }

  /** Whether the policy in force of that name can stand for the ladder's own. */
  private boolean isKnown(Ladder ladder) {
    Optional<Policy> inForce = standing.find(ladder.policy().name());
    if (inForce.isEmpty()) {
      return false;
    }
    // of a ladder that has acted and ended, only that it did is asked any more
    boolean isOver = ladder.ended() && !ladder.isCalledOff() && acts(ladder.policy());
    return inForce.get().equals(ladder.policy()) || (isOver && acts(inForce.get()));
  }

  private static boolean acts(Policy policy) {
    return policy.mode() != Policy.Mode.OBSERVE;
  }

  private List<AtRest.Learned> learned() {
    List<AtRest.Learned> learned = new ArrayList<>();
    for (Policy policy : standing.policies()) {
      List<Policy.Step> steps = Handover.steps(policy);
      for (int i = 0; i < steps.size(); i++) {
        List<Long> seen = ledgers.learning().seen(steps.get(i));
        if (!seen.isEmpty()) {
          learned.add(new AtRest.Learned(policy.name(), i, seen));
        }
      }
    }
    return learned;
  }

  /** Goes on with it; before anything else is told. */
  void goOnWith(AtRest kept) {
    ledgers.enforced().goOnWith(kept.enforced());
    ledgers.observed().goOnWith(kept.observed());
    ledgers.history().goOnWith(kept.history());
    ledgers.cordons().goOnWith(kept.cordons());
    for (AtRest.Learned one : kept.learned()) {
      Policy.Step step = Handover.steps(standing.policy(one.policy())).get(one.step());
      ledgers.learning().goOnWith(step, one.runs());
    }
    for (Breaker breaker : decider.breakers()) {
      kept.breakers().stream()
          .filter(one -> one.name().equals(breaker.declared().name()))
          .forEach(breaker::goOnWith);
    }
    standing.trustFrom(kept.trustFrom());
    reversals.goOnWith(kept.acts(), standing::policy);
    kept.spells().forEach(this::goOnWith);
  }

  private void goOnWith(AtRest.Spell kept) {
    Episode episode = new Episode(kept.instance(), kept.raisedAt(), kept.captures());
    episode.suppressedBy = kept.suppressedBy();
    episode.resumed = kept.resumed();
    episode.end = kept.end();
    if (kept.ladder().isPresent()) {
      Ladder ladder =
          Ladder.of(
              kept.ladder().get(),
              standing.policy(kept.ladder().get().policy()),
              standing.fault(kept.instance()),
              kept.instance(),
              kept.raisedAt(),
              kept.captures());
      episode.ladder = Optional.of(ladder);
      if (!ladder.ended()) {
        standing.ladders.put(ladder.id(), ladder);
      }
    }
    standing.episodes.put(kept.instance(), episode);
  }
}
