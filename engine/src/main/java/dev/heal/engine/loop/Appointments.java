package dev.heal.engine.loop;

import dev.heal.engine.decide.Times;
import dev.heal.engine.fact.FaultInstance;
import dev.heal.engine.record.Entry;
import dev.heal.engine.record.EntryType;
import dev.heal.engine.schedule.Deviations;
import dev.heal.engine.schedule.Deviations.Trial;
import dev.heal.engine.schedule.Deviations.Tuned;
import dev.heal.engine.schedule.Interim;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The ends of what is in force for a time: each is told by an entry at its own time, and again as
 * long as nobody follows it; whoever loads policies does what it says. Counts what policies on
 * trial would have done.
 */
final class Appointments {
  private static final Duration AGAIN = Duration.ofMinutes(1);

  private Deviations deviations;

  /** Of each end that was told, when it is told again. */
  private final Map<String, Long> again = new HashMap<>();

  /** How often each policy on trial would have begun a repair. */
  private final Map<String, Integer> would;

  /** The last repair that each would have begun: it takes several entries. */
  private final Map<String, Act> last = new HashMap<>();

  /** One repair that a policy on trial would have begun. */
  private record Act(FaultInstance instance, long at) {}

  Appointments(Interim before) {
    this.deviations = before.deviations();
    this.would = new TreeMap<>(before.wouldHaveActed());
    would.keySet().retainAll(deviations.trials().keySet());
  }

  /**
   * All of it.
   *
   * @param again of each end that was told, when it is told again
   */
  record Kept(
      Deviations deviations, Map<String, Long> again, Map<String, Integer> would, List<Last> last) {
    /** The last repair that a policy would have begun. */
    record Last(String policy, Act act) {}
  }

  Kept kept() {
    return new Kept(
        deviations,
        new TreeMap<>(again),
        new TreeMap<>(would),
        new TreeMap<>(last)
            .entrySet().stream()
                .map(each -> new Kept.Last(each.getKey(), each.getValue()))
                .toList());
  }

  /** Goes on from what was kept elsewhere. */
  Appointments(Kept kept) {
    this(new Interim(kept.deviations(), kept.would()));
    again.putAll(kept.again());
    kept.last().forEach(one -> last.put(one.policy(), one.act()));
  }

  private static String tune(String name) {
    return "tune " + name;
  }

  private static String trial(String policy) {
    return "trial " + policy;
  }

  /** Others are in force now; what goes on as it was keeps what was counted and told. */
  void follow(Deviations next) {
    deviations
        .tuned()
        .forEach(
            (name, one) -> {
              if (!one.equals(next.tuned().get(name))) {
                again.remove(tune(name));
              }
            });
    deviations
        .trials()
        .forEach(
            (policy, one) -> {
              if (!one.equals(next.trials().get(policy))) {
                again.remove(trial(policy));
                would.remove(policy);
                last.remove(policy);
              }
            });
    deviations = next;
  }

  /** What is otherwise, and what was counted. */
  Interim interim() {
    return deviations.isNone() ? Interim.NONE : new Interim(deviations, would);
  }

  /** Something was told. */
  void seen(Entry entry) {
    if (deviations.trials().isEmpty()
        || entry.type() != EntryType.DECISION
        || entry.outcome().filter("observe"::equals).isEmpty()
        || entry.policy().isEmpty()
        || entry.instance().isEmpty()) {
      return;
    }
    String policy = entry.policy().get();
    Trial trial = deviations.trials().get(policy);
    Act act = new Act(entry.instance().get(), entry.at());
    if (trial != null
        && trial.until() != Times.NEVER
        && entry.at() < trial.until()
        && !act.equals(last.put(policy, act))) {
      would.merge(policy, 1, Integer::sum);
    }
  }

  /** How often the policy would have begun a repair before the end of its trial. */
  int wouldHaveActed(String policy) {
    return would.getOrDefault(policy, 0);
  }

  long nextAt() {
    long next = Times.NEVER;
    for (Map.Entry<String, Tuned> one : deviations.tuned().entrySet()) {
      next = Math.min(next, again.getOrDefault(tune(one.getKey()), one.getValue().until()));
    }
    for (Map.Entry<String, Trial> one : deviations.trials().entrySet()) {
      next = Math.min(next, again.getOrDefault(trial(one.getKey()), one.getValue().until()));
    }
    return next;
  }

  /** What is over by {@code now}. */
  List<Entry> due(long now) {
    if (deviations.isNone()) {
      return List.of();
    }
    List<Entry> due = new ArrayList<>();
    deviations
        .tuned()
        .forEach(
            (name, one) -> {
              if (tells(tune(name), one.until(), now)) {
                String because = "the time of `%s` = %s is over".formatted(name, one.value());
                due.add(Entry.of(now, EntryType.TUNED, because).outcome(Deviations.OVER));
              }
            });
    deviations
        .trials()
        .forEach(
            (policy, one) -> {
              if (tells(trial(policy), one.until(), now)) {
                due.add(
                    Entry.of(now, EntryType.TRIAL_OVER, verdict(policy, one))
                        .policy(policy)
                        .outcome(Deviations.OVER));
              }
            });
    return due;
  }

  private boolean tells(String what, long until, long now) {
    if (again.getOrDefault(what, until) > now) {
      return false;
    }
    again.put(what, Times.after(now, AGAIN));
    return true;
  }

  private String verdict(String policy, Trial trial) {
    int count = wouldHaveActed(policy);
    String times = count == 1 ? "once" : count + " times";
    return trial.passes(count)
        ? "`%s` would have acted %s, at most %d: its file's mode counts"
            .formatted(policy, times, trial.most())
        : "`%s` would have acted %s, more than %d: it goes on observing"
            .formatted(policy, times, trial.most());
  }
}
