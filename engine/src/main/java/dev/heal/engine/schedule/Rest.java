package dev.heal.engine.schedule;

import dev.heal.dsl.policy.Fault;
import dev.heal.dsl.policy.Policy;
import dev.heal.engine.decide.Breaker;
import dev.heal.engine.decide.Decider;
import dev.heal.engine.decide.Ladder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * Writes down all that is known of repairs while no order is under way, and lets others go on with
 * it as if they had been there.
 */
final class Rest {
  private final Standing standing;
  private final Decider decider;
  private final Ledgers ledgers;
  private final Outbox outbox;
  private final Holders holders;

  /** Who else knows something. */
  record Holders(
      Reversals reversals,
      Aftermath aftermath,
      Disturbances disturbances,
      Handover handover,
      Unwritten unwritten) {}

  Rest(Shared shared, Standing standing, Decider decider, Holders holders) {
    this.standing = standing;
    this.decider = decider;
    this.ledgers = shared.ledgers();
    this.outbox = shared.outbox();
    this.holders = holders;
  }

  /**
   * All that is known; empty where an order is under way, an act is being undone, or something
   * stands by policies that are in force no longer.
   */
  Optional<AtRest> take(long lastLadder, boolean offered) {
    Map<Long, Ladder> ladders = ladders();
    Optional<List<Reversals.Kept>> acts = holders.reversals().kept(standing::find);
    if (acts.isEmpty() || !ladders.values().stream().allMatch(this::isKnown)) {
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
            ladders.values().stream().map(Ladder::kept).toList(),
            holders.disturbances().kept(),
            holders.handover().elder(),
            standing.episodes.values().stream().map(Rest::spell).toList(),
            decider.breakers().stream().map(Breaker::kept).toList(),
            acts.get(),
            holders.aftermath().kept(),
            holders.unwritten().kept(),
            offered));
  }

  /** Those that run or wait, and the ended ones of faults that stand, by number. */
  private Map<Long, Ladder> ladders() {
    Map<Long, Ladder> ladders = new TreeMap<>(standing.ladders);
    for (Episode episode : standing.episodes.values()) {
      episode.ladder.ifPresent(ladder -> ladders.put(ladder.id(), ladder));
    }
    return ladders;
  }

  private static AtRest.Spell spell(Episode episode) {
    return new AtRest.Spell(
        episode.instance,
        episode.raisedAt,
        episode.captures,
        episode.ladder.isPresent()
            ? OptionalLong.of(episode.ladder.get().id())
            : OptionalLong.empty(),
        episode.suppressedBy,
        episode.resumed,
        episode.end);
  }

  /** Whether the declarations in force of those names can stand for the ladder's own. */
  private boolean isKnown(Ladder ladder) {
    Optional<Policy> policy = standing.find(ladder.policy().name());
    Optional<Fault> fault = standing.findFault(ladder.instance().fault());
    if (policy.isEmpty() || fault.isEmpty() || ladder.isFormer() || isActing(ladder)) {
      return false;
    }
    // of a ladder that has acted and ended, only that it did is asked any more
    boolean isOver = ladder.ended() && !ladder.isCalledOff() && acts(ladder.policy());
    return isOver
        ? acts(policy.get())
        : isSame(ladder.policy(), policy.get())
            && ladder.fault().meaning().equals(fault.get().meaning());
  }

  private static boolean isActing(Ladder ladder) {
    return ladder.phase() == Ladder.Phase.ACTING || !ladder.openOrders().isEmpty();
  }

  private static boolean acts(Policy policy) {
    return policy.mode() != Policy.Mode.OBSERVE;
  }

  /** What was learned of a step is known by where the step stands in a file. */
  private static boolean isSame(Policy own, Policy inForce) {
    return own.equals(inForce)
        || (own.meaning().equals(inForce.meaning())
            && Handover.steps(own).stream().noneMatch(Policy.Step::learned));
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

  /** Goes on with what is more of it than a {@link Past}; before anything else is told. */
  void goOnWith(AtRest kept) {
    ledgers.enforced().goOnWith(kept.enforced());
    ledgers.observed().goOnWith(kept.observed());
    ledgers.history().goOnWith(kept.history());
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
    holders.reversals().goOnWith(kept.acts(), standing::policy);
    holders.disturbances().goOnWith(kept.disturbed());
    holders.handover().elder(kept.elder());
    holders.unwritten().goOnWith(kept.unwritten());
    Map<Long, Ladder> ladders = new HashMap<>();
    for (Ladder.Kept one : kept.ladders()) {
      Ladder ladder = Ladder.of(one, standing.policy(one.policy()), standing.fault(one.instance()));
      ladders.put(ladder.id(), ladder);
      if (!ladder.ended()) {
        standing.ladders.put(ladder.id(), ladder);
      }
    }
    kept.spells().forEach(one -> goOnWith(one, ladders));
  }

  private void goOnWith(AtRest.Spell kept, Map<Long, Ladder> ladders) {
    Episode episode = new Episode(kept.instance(), kept.raisedAt(), kept.captures());
    episode.suppressedBy = kept.suppressedBy();
    episode.resumed = kept.resumed();
    episode.end = kept.end();
    if (kept.ladder().isPresent()) {
      episode.ladder = Optional.of(Objects.requireNonNull(ladders.get(kept.ladder().getAsLong())));
    }
    standing.episodes.put(kept.instance(), episode);
  }
}
