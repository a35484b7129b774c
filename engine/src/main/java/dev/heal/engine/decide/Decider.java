package dev.heal.engine.decide;

import dev.heal.dsl.policy.Budget;
import dev.heal.dsl.policy.CheckedPolicy;
import dev.heal.dsl.policy.Policy;
import dev.heal.dsl.policy.Site;
import dev.heal.dsl.vocabulary.EntityKind;
import dev.heal.engine.fact.EntityId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;

/** Whether a due ladder begins: the questions, in the order in which they are asked. */
public final class Decider {
  /** Time alone may show that it is not we who are deaf. */
  private static final Duration LOOK_AT_OURSELVES_AGAIN = Duration.ofSeconds(10);

  private final Estate estate;
  private final Halts halts;
  private Halting halting;
  private Budgets budgets;
  private List<Breaker> breakers;

  /**
   * Decides by these policies.
   *
   * @param halts what keeps the hands still; breakers that trip are added
   */
  public Decider(CheckedPolicy policies, Estate estate, Halts halts) {
    this.estate = estate;
    this.halts = halts;
    this.halting = new Halting(policies.maintenances(), estate, halts);
    this.budgets = new Budgets(policies.budgets(), estate);
    this.breakers = policies.breakers().stream().map(b -> new Breaker(b, estate, halts)).toList();
  }

  /** The declared maintenances whose windows are open, with their ends. */
  public Map<String, Long> windows(long now) {
    return halting.windows(now);
  }

  public List<Breaker> breakers() {
    return breakers;
  }

  /**
   * Decides by other policies from now on. Breakers go on counting by name; one that is tripped is
   * a halt, which stands until an operator ends it, whatever is declared.
   */
  public void follow(CheckedPolicy next) {
    List<Breaker> following = new ArrayList<>();
    for (Site.Breaker declared : next.breakers()) {
      Breaker breaker = new Breaker(declared, estate, halts);
      for (Breaker former : breakers) {
        if (former.declared().name().equals(declared.name())) {
          breaker.after(former);
        }
      }
      following.add(breaker);
    }
    halting = new Halting(next.maintenances(), estate, halts);
    budgets = new Budgets(next.budgets(), estate);
    breakers = following;
  }

  /** Whether every act of the policy's rungs passes suppression and the breaker. */
  public static boolean onlyAllowedVerbs(Policy policy) {
    return policy.rungs().stream()
        .flatMap(rung -> rung.steps().stream())
        .allMatch(step -> Halting.passesTheBreaker(step.act().verb()));
  }

  /**
   * Decides about a ladder that is due.
   *
   * @param spent the ledger of the ladder's kind: enforced, or observed
   */
  public Verdict decide(Ladder ladder, long now, Spent spent, Situation situation) {
    List<String> verbs = Halting.verbs(ladder.currentRung().steps());
    return halting
        .pause(verbs)
        .or(() -> attempts(ladder, now, spent))
        .or(() -> breaker(ladder))
        .or(() -> halting.maintenance(ladder, verbs, now, situation))
        .or(() -> others(ladder, situation))
        .or(() -> suspicion(ladder, now, situation))
        .or(() -> cooldown(ladder, now, situation))
        .or(() -> conflict(ladder, situation))
        .or(() -> budget(ladder, now, spent, situation))
        .or(() -> release(ladder, situation))
        .orElseGet(() -> new Verdict.Act(reason(ladder)));
  }

  /**
   * What keeps an act of a ladder that has begun: a pause, the breaker, or a maintenance that began
   * meanwhile.
   */
  public Optional<Verdict> beforeAct(Ladder ladder, Policy.Act act, long now, Situation situation) {
    List<String> verb = List.of(act.verb());
    return halting
        .pause(verb)
        .or(() -> Halting.passesTheBreaker(act.verb()) ? Optional.empty() : halting.breaker())
        .or(() -> halting.maintenance(ladder, verb, now, situation));
  }

  private static String reason(Ladder ladder) {
    StringBuilder text = new StringBuilder("policy `" + ladder.policy().name() + "`");
    text.append(", priority ").append(ladder.policy().priority());
    ladder.policy().within().ifPresent(w -> text.append(", within ").append(Times.words(w)));
    return text.toString();
  }

  private Optional<Verdict> attempts(Ladder ladder, long now, Spent spent) {
    if (ladder.policy().attempts().isEmpty() || ladder.resumed()) {
      return Optional.empty();
    }
    Policy.Attempts allowed = ladder.policy().attempts().get();
    long from = now - allowed.over().toNanos();
    int begun = 0;
    for (Spent.Start start : spent.starts()) {
      if (start.at() > from
          && start.policy().equals(ladder.policy().name())
          && start.instance().equals(ladder.instance())) {
        begun++;
      }
    }
    return begun < allowed.count()
        ? Optional.empty()
        : Optional.of(
            new Verdict.GiveUp(
                "attempts %d over %s are spent"
                    .formatted(allowed.count(), Times.words(allowed.over()))));
  }

  private Optional<Verdict> breaker(Ladder ladder) {
    return onlyAllowedVerbs(ladder.policy()) ? Optional.empty() : halting.breaker();
  }

  private Optional<Verdict> cooldown(Ladder ladder, long now, Situation situation) {
    if (ladder.policy().cooldown().isEmpty()) {
      return Optional.empty();
    }
    Policy.Cooldown cooldown = ladder.policy().cooldown().get();
    EntityKind per = cooldown.per();
    for (EntityId entity : estate.related(ladder.instance().entity(), per)) {
      Optional<Long> end = situation.lastEnd(ladder.policy(), entity);
      if (end.isPresent()) {
        long until = Times.after(end.get(), cooldown.span());
        if (until > now) {
          return Optional.of(
              new Verdict.Hold(
                  HoldReason.COOLDOWN,
                  "cooldown %s per %s, %s left"
                      .formatted(
                          Times.words(cooldown.span()), per.word(), Times.words(until - now)),
                  until));
        }
      }
    }
    return Optional.empty();
  }

  /** One repair at a time per entity and everything inside it; observed repairs touch nothing. */
  private Optional<Verdict> conflict(Ladder ladder, Situation situation) {
    if (ladder.policy().mode() == Policy.Mode.OBSERVE) {
      return Optional.empty();
    }
    NavigableSet<EntityId> mine = ladder.region(estate);
    for (Ladder other : situation.begun()) {
      if (!standsInTheWay(other, ladder)) {
        continue;
      }
      Optional<EntityId> shared = other.region(estate).stream().filter(mine::contains).findFirst();
      if (shared.isPresent()) {
        return Optional.of(
            new Verdict.Hold(
                HoldReason.CONFLICT,
                "%s is under repair by `%s`, priority %d"
                    .formatted(shared.get(), other.policy().name(), other.policy().priority()),
                Times.NEVER));
      }
    }
    return Optional.empty();
  }

  /**
   * A repair that only waits for a human whom it has told touches nothing any more; but the same
   * policy does not tell him again about the same entity.
   */
  private static boolean standsInTheWay(Ladder other, Ladder ladder) {
    if (other == ladder || other.policy().mode() == Policy.Mode.OBSERVE) {
      return false;
    }
    boolean tells = HumanAsked.isAllThatIsLeft(other) || HumanAsked.isAllThatIsLeft(ladder);
    return !tells
        || (other.policy().name().equals(ladder.policy().name())
            && other.instance().entity().equals(ladder.instance().entity()));
  }

  /** The ladders of lower priority that stand in the way of {@code ladder}. */
  public List<Ladder> outranked(Ladder ladder, Situation situation) {
    List<Ladder> losers = new ArrayList<>();
    NavigableSet<EntityId> mine = ladder.region(estate);
    for (Ladder other : situation.begun()) {
      if (standsInTheWay(other, ladder)
          && other.policy().priority() < ladder.policy().priority()
          && other.region(estate).stream().anyMatch(mine::contains)) {
        losers.add(other);
      }
    }
    return losers;
  }

  private Optional<Verdict> budget(Ladder ladder, long now, Spent spent, Situation situation) {
    return budgets
        .excess(ladder, now, spent, situation)
        .map(
            excess ->
                excess.budget().exceeded() == Budget.Exceeded.SKIP
                    ? new Verdict.Skip(excess.because())
                    : new Verdict.Hold(
                        HoldReason.BUDGET,
                        excess.because(),
                        excess.until(),
                        excess.budget().pager()));
  }

  /** A node that somebody else cordoned is left alone. */
  private Optional<Verdict> others(Ladder ladder, Situation situation) {
    return estate.related(ladder.instance().entity(), EntityKind.NODE).stream()
        .flatMap(node -> situation.cordonedByOthers(node).stream())
        .findFirst()
        .map(why -> new Verdict.Hold(HoldReason.CORDONED_BY_OTHERS, why, Times.NEVER));
  }

  private static Optional<Verdict> suspicion(Ladder ladder, long now, Situation situation) {
    return situation
        .suspicion(ladder, now)
        .map(
            why ->
                new Verdict.Hold(
                    HoldReason.SUSPECTS_ITSELF, why, Times.after(now, LOOK_AT_OURSELVES_AGAIN)));
  }

  /**
   * What was held back by a pause, a breaker or a maintenance begins one after the other, not all
   * at once.
   */
  private static Optional<Verdict> release(Ladder ladder, Situation situation) {
    if (!ladder.heldBack() || ladder.policy().mode() == Policy.Mode.OBSERVE) {
      return Optional.empty();
    }
    return situation.begun().stream()
        .filter(other -> other != ladder && other.heldBack())
        .filter(other -> !HumanAsked.isAllThatIsLeft(other))
        .findFirst()
        .map(
            other ->
                new Verdict.Hold(
                    HoldReason.RELEASING,
                    "released one by one, behind `%s` on %s"
                        .formatted(other.policy().name(), other.instance().entity()),
                    Times.NEVER));
  }
}
