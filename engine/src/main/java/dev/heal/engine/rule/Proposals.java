package dev.heal.engine.rule;

import dev.heal.engine.fact.EntityId;
import dev.heal.engine.fact.FaultInstance;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;

/**
 * What the rules that match now add up to. A function of the matches: their order leaves no trace.
 */
final class Proposals {
  private final NavigableSet<Proposal> current;
  private final NavigableSet<Proposal> view;

  /** Why each child is suppressed, the parent that is named first. */
  private final Map<FaultInstance, NavigableSet<Reason>> reasons = new HashMap<>();

  /** The policies that take an instance: one, but for a moment amid a change. */
  private final Map<FaultInstance, NavigableSet<String>> takers = new HashMap<>();

  private long version;

  /**
   * Why an instance is suppressed: one match of a rule.
   *
   * @param shared what parent and child have in common
   */
  record Reason(FaultInstance parent, int statement, EntityId shared)
      implements Comparable<Reason> {
    private static final Comparator<Reason> ORDER =
        Comparator.comparing(Reason::parent)
            .thenComparingInt(Reason::statement)
            .thenComparing(Reason::shared);

    @Override
    public int compareTo(Reason other) {
      return ORDER.compare(this, other);
    }
  }

  /**
   * @param rank of each policy, the highest first
   */
  Proposals(Map<String, Integer> rank) {
    this.current =
        new TreeSet<>(
            Comparator.comparingInt((Proposal p) -> rank.getOrDefault(p.policy(), -1))
                .thenComparing(Proposal::instance));
    this.view = Collections.unmodifiableNavigableSet(current);
  }

  NavigableSet<Proposal> current() {
    return view;
  }

  long version() {
    return version;
  }

  void take(String policy, FaultInstance instance) {
    version++;
    takers.computeIfAbsent(instance, i -> new TreeSet<>()).add(policy);
    current.add(new Proposal(policy, instance, firstParent(instance)));
  }

  void leave(String policy, FaultInstance instance) {
    version++;
    current.remove(new Proposal(policy, instance, Optional.empty()));
    takers.computeIfPresent(
        instance,
        (i, policies) -> {
          policies.remove(policy);
          return policies.isEmpty() ? null : policies;
        });
  }

  void suppress(FaultInstance child, Reason reason) {
    Optional<FaultInstance> before = firstParent(child);
    reasons.computeIfAbsent(child, c -> new TreeSet<>()).add(reason);
    renew(child, before);
  }

  void release(FaultInstance child, Reason reason) {
    Optional<FaultInstance> before = firstParent(child);
    reasons.computeIfPresent(
        child,
        (c, all) -> {
          all.remove(reason);
          return all.isEmpty() ? null : all;
        });
    renew(child, before);
  }

  /** Of several parents the first is named. */
  private Optional<FaultInstance> firstParent(FaultInstance child) {
    NavigableSet<Reason> all = reasons.get(child);
    return all == null ? Optional.empty() : Optional.of(all.first().parent());
  }

  private void renew(FaultInstance child, Optional<FaultInstance> before) {
    Optional<FaultInstance> now = firstParent(child);
    if (now.equals(before)) {
      return;
    }
    for (String policy : takers.getOrDefault(child, Collections.emptyNavigableSet())) {
      version++;
      current.remove(new Proposal(policy, child, before));
      current.add(new Proposal(policy, child, now));
    }
  }
}
