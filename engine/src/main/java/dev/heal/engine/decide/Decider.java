package dev.heal.engine.decide;

import dev.heal.dsl.policy.Budget;
import dev.heal.dsl.policy.CheckedPolicy;
import dev.heal.dsl.policy.Policy;
import dev.heal.dsl.policy.Site;
import dev.heal.dsl.vocabulary.EntityKind;
import dev.heal.engine.fact.EntityId;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;

/** Whether a due ladder begins: the questions, in the order in which they are asked. */
public final class Decider {
  /** The verbs that a tripped breaker, maintenance of others and suppression let pass. */
  private static final Set<String> ALWAYS_ALLOWED = Set.of("throttle", "page");

  private final CheckedPolicy policies;
  private final Estate estate;
  private final Budgets budgets;
  private final List<Breaker> breakers;

  public Decider(CheckedPolicy policies, Estate estate) {
    this.policies = policies;
    this.estate = estate;
    this.budgets = new Budgets(policies.budgets(), estate);
    this.breakers = policies.breakers().stream().map(b -> new Breaker(b, estate)).toList();
  }

  public List<Breaker> breakers() {
    return breakers;
  }

  /** Whether every act of the policy's rungs passes suppression and the breaker. */
  public static boolean onlyAllowedVerbs(Policy policy) {
    return policy.rungs().stream()
        .flatMap(rung -> rung.steps().stream())
        .allMatch(step -> ALWAYS_ALLOWED.contains(step.act().verb()));
  }

  /** The key under which the loop watches a maintenance's {@code where}. */
  public static String maintenanceKey(Site.Maintenance maintenance) {
    return "maintenance:" + maintenance.name();
  }

  /**
   * Decides about a ladder that is due.
   *
   * @param spent the ledger of the ladder's kind: enforced, or observed
   */
  public Verdict decide(Ladder ladder, long now, Spent spent, Situation situation) {
    return attempts(ladder, now, spent)
        .or(() -> breaker(ladder))
        .or(() -> maintenance(ladder, now, situation))
        .or(() -> cooldown(ladder, now, situation))
        .or(() -> conflict(ladder, situation))
        .or(() -> budget(ladder, now, spent, situation))
        .orElseGet(() -> new Verdict.Act(reason(ladder)));
  }

  private static String reason(Ladder ladder) {
    StringBuilder text = new StringBuilder("policy `" + ladder.policy().name() + "`");
    text.append(", priority ").append(ladder.policy().priority());
    ladder.policy().within().ifPresent(w -> text.append(", within ").append(Times.words(w)));
    return text.toString();
  }

  private Optional<Verdict> attempts(Ladder ladder, long now, Spent spent) {
    if (ladder.policy().attempts().isEmpty()) {
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
    if (onlyAllowedVerbs(ladder.policy())) {
      return Optional.empty();
    }
    return breakers.stream()
        .flatMap(b -> b.tripped().stream())
        .findFirst()
        .map(
            why ->
                new Verdict.Hold(
                    HoldReason.BREAKER, why + "; open until an operator resets it", Times.NEVER));
  }

  private Optional<Verdict> maintenance(Ladder ladder, long now, Situation situation) {
    for (Site.Maintenance maintenance : policies.maintenances()) {
      Optional<Long> until = MaintenanceCalendar.openUntil(maintenance.windows(), now);
      if (until.isEmpty() || !concerns(maintenance, ladder, situation)) {
        continue;
      }
      for (Policy.Step step : ladder.currentRung().steps()) {
        String verb = step.act().verb();
        if (!maintenance.allowed().contains(verb) && !ALWAYS_ALLOWED.contains(verb)) {
          return Optional.of(
              new Verdict.Hold(
                  HoldReason.MAINTENANCE,
                  "maintenance `%s` holds `%s` until %s"
                      .formatted(maintenance.name(), verb, Times.iso(until.get())),
                  until.get()));
        }
      }
    }
    return Optional.empty();
  }

  private boolean concerns(Site.Maintenance maintenance, Ladder ladder, Situation situation) {
    if (maintenance.where().isEmpty()) {
      return true;
    }
    String key = maintenanceKey(maintenance);
    return estate.related(ladder.instance().entity(), maintenance.whereOn()).stream()
        .anyMatch(entity -> situation.holds(key, entity));
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
      if (other == ladder || other.policy().mode() == Policy.Mode.OBSERVE) {
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

  /** The ladders of lower priority that stand in the way of {@code ladder}. */
  public List<Ladder> outranked(Ladder ladder, Situation situation) {
    List<Ladder> losers = new ArrayList<>();
    NavigableSet<EntityId> mine = ladder.region(estate);
    for (Ladder other : situation.begun()) {
      if (other != ladder
          && other.policy().mode() != Policy.Mode.OBSERVE
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
                    : new Verdict.Hold(HoldReason.BUDGET, excess.because(), excess.until()));
  }
}
