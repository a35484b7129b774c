package dev.heal.engine.decide;

import dev.heal.dsl.policy.Budget;
import dev.heal.dsl.policy.Policy;
import dev.heal.dsl.vocabulary.EntityKind;
import dev.heal.engine.fact.EntityId;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/** Whether one more repair fits into the blast radius. */
final class Budgets {
  private final List<Budget> budgets;
  private final Estate estate;

  Budgets(List<Budget> budgets, Estate estate) {
    this.budgets = budgets;
    this.estate = estate;
  }

  /** What does not fit, and when it may. */
  record Excess(Budget budget, String because, long until) {}

  /** The first limit, in the order of declaration, that a start of {@code ladder} would break. */
  Optional<Excess> excess(Ladder ladder, long now, Spent spent, Situation situation) {
    for (Budget budget : budgets) {
      if (!budget.all() && !ladder.policy().budgets().contains(budget.name())) {
        continue;
      }
      for (Budget.Limit limit : budget.limits()) {
        Optional<Excess> excess = limitExcess(budget, limit, ladder, now, spent, situation);
        if (excess.isPresent()) {
          return excess;
        }
      }
      for (Budget.Keep keep : budget.keeps()) {
        Optional<Excess> excess = keepExcess(budget, keep, ladder, now, situation);
        if (excess.isPresent()) {
          return excess;
        }
      }
    }
    return Optional.empty();
  }

  private Optional<Excess> limitExcess(
      Budget budget,
      Budget.Limit limit,
      Ladder ladder,
      long now,
      Spent spent,
      Situation situation) {
    return limit.verb().isPresent()
        ? verbExcess(budget, limit, ladder, now, spent)
        : entityExcess(budget, limit, ladder, now, spent, situation);
  }

  private Optional<Excess> verbExcess(
      Budget budget, Budget.Limit limit, Ladder ladder, long now, Spent spent) {
    String verb = limit.verb().orElseThrow();
    long from = limit.window().map(w -> now - w.toNanos()).orElse(Long.MIN_VALUE);
    for (Policy.Step step : ladder.currentRung().steps()) {
      if (!step.act().verb().equals(verb)) {
        continue;
      }
      for (EntityId target : ladder.targets(step.act(), estate)) {
        String group = group(target, limit.per());
        List<Spent.OrderStart> counted = new ArrayList<>();
        for (Spent.OrderStart order : spent.orders()) {
          if (order.at() > from
              && order.verb().equals(verb)
              && group(order.target(), limit.per()).equals(group)) {
            counted.add(order);
          }
        }
        int most = most(limit, counted.size());
        if (counted.size() >= most) {
          long until =
              limit.window().map(w -> Times.after(counted.get(0).at(), w)).orElse(Times.NEVER);
          return Optional.of(
              new Excess(
                  budget,
                  "budget `%s`: %d %s%s%s are spent"
                      .formatted(budget.name(), most, verb, perWords(limit, group), over(limit)),
                  until));
        }
      }
    }
    return Optional.empty();
  }

  private Optional<Excess> entityExcess(
      Budget budget,
      Budget.Limit limit,
      Ladder ladder,
      long now,
      Spent spent,
      Situation situation) {
    EntityKind kind = limit.subject().orElseThrow();
    Set<EntityId> mine = estate.related(ladder.instance().entity(), kind);
    for (String group : groups(mine, limit.per())) {
      Predicate<EntityId> inGroup = e -> group(e, limit.per()).equals(group);
      NavigableSet<EntityId> counted = new TreeSet<>();
      long oldest = Times.NEVER;
      if (limit.window().isPresent()) {
        long from = now - limit.window().get().toNanos();
        for (Spent.Start start : spent.starts()) {
          if (start.at() > from && concerns(budget, start.budgets())) {
            for (EntityId touched : estate.related(start.instance().entity(), kind)) {
              if (inGroup.test(touched) && counted.add(touched)) {
                oldest = Math.min(oldest, start.at());
              }
            }
          }
        }
      } else {
        for (Ladder other : situation.begun()) {
          if (other != ladder && concerns(budget, other.policy().budgets())) {
            estate.related(other.instance().entity(), kind).stream()
                .filter(inGroup)
                .forEach(counted::add);
          }
        }
      }
      NavigableSet<EntityId> with = new TreeSet<>(counted);
      mine.stream().filter(inGroup).forEach(with::add);
      int known = (int) estate.all(kind).stream().filter(inGroup).count();
      int most = most(limit, known);
      if (with.size() > most && with.size() > counted.size()) {
        long until =
            oldest == Times.NEVER ? Times.NEVER : Times.after(oldest, limit.window().orElseThrow());
        return Optional.of(
            new Excess(
                budget,
                "budget `%s`: %d of %d %s%s%s under repair already"
                    .formatted(
                        budget.name(),
                        counted.size(),
                        most,
                        most == 1 ? kind.word() : kind.plural(),
                        perWords(limit, group),
                        over(limit)),
                until));
      }
    }
    return Optional.empty();
  }

  private Optional<Excess> keepExcess(
      Budget budget, Budget.Keep keep, Ladder ladder, long now, Situation situation) {
    NavigableSet<EntityId> all = estate.all(keep.subject());
    NavigableSet<EntityId> down = situation.down(keep.subject(), now);
    NavigableSet<EntityId> mine = estate.related(ladder.instance().entity(), keep.subject());
    int healthy = all.size() - down.size();
    int least =
        keep.count()
            .orElseGet(() -> (int) Math.ceil(keep.share().orElseThrow() * all.size() - 1e-9));
    long taken = mine.stream().filter(e -> !down.contains(e)).count();
    if (taken > 0 && healthy - taken < least) {
      return Optional.of(
          new Excess(
              budget,
              "budget `%s` keeps %d of %d %s healthy, %d are"
                  .formatted(budget.name(), least, all.size(), keep.subject().plural(), healthy),
              Times.NEVER));
    }
    return Optional.empty();
  }

  private static boolean concerns(Budget budget, List<String> named) {
    return budget.all() || named.contains(budget.name());
  }

  private static int most(Budget.Limit limit, int known) {
    if (limit.count().isPresent()) {
      return limit.count().getAsInt();
    }
    int most = Math.max(1, (int) Math.floor(limit.share().orElseThrow() * known + 1e-9));
    most = Math.max(most, limit.atLeast().orElse(1));
    return Math.min(most, limit.atMost().orElse(Integer.MAX_VALUE));
  }

  private NavigableSet<String> groups(Set<EntityId> entities, Optional<String> per) {
    NavigableSet<String> groups = new TreeSet<>();
    entities.forEach(e -> groups.add(group(e, per)));
    return groups;
  }

  /** An entity without the attribute forms one group with its like. */
  private String group(EntityId entity, Optional<String> per) {
    if (per.isEmpty()) {
      return "";
    }
    Optional<EntityKind> kind = EntityKind.of(per.get());
    if (kind.isPresent()) {
      NavigableSet<EntityId> around = estate.related(entity, kind.get());
      return around.isEmpty() ? "" : around.first().toString();
    }
    return estate
        .attribute(entity, per.get())
        .or(
            () ->
                estate.related(entity, EntityKind.NODE).stream()
                    .findFirst()
                    .flatMap(node -> estate.attribute(node, per.get())))
        .orElse("");
  }

  private static String perWords(Budget.Limit limit, String group) {
    return limit.per().map(p -> " of " + (group.isEmpty() ? "no " + p : group)).orElse("");
  }

  private static String over(Budget.Limit limit) {
    return limit.window().map(w -> " over " + Times.words(w)).orElse(" at once");
  }
}
