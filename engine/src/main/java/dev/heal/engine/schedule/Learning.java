package dev.heal.engine.schedule;

import dev.heal.dsl.policy.Policy;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code takes 12s learned}: the observed 95th percentile replaces the estimate after 20 runs, and
 * is never more than three times the estimate.
 */
final class Learning {
  private static final int LEAST_RUNS = 20;
  private static final int RUNS_KEPT = 100;
  private static final int MOST_TIMES = 3;
  private static final double PERCENTILE = 0.95;

  private final Map<Policy.Step, Deque<Long>> runs = new HashMap<>();
  private final Map<Long, Long> startedAt = new HashMap<>();

  /** Steps were written anew; what was learned of others is forgotten. */
  void follow(Map<Policy.Step, Policy.Step> next) {
    if (runs.isEmpty()) {
      return;
    }
    Map<Policy.Step, Deque<Long>> before = Map.copyOf(runs);
    runs.clear();
    before.forEach(
        (step, seen) ->
            Optional.ofNullable(next.get(step)).ifPresent(after -> runs.put(after, seen)));
  }

  /** How long a step took, the last runs, in nanoseconds; empty where none was seen. */
  List<Long> seen(Policy.Step step) {
    return List.copyOf(runs.getOrDefault(step, new ArrayDeque<>()));
  }

  /** Goes on from what was seen elsewhere. */
  void goOnWith(Policy.Step step, List<Long> seen) {
    runs.put(step, new ArrayDeque<>(seen));
  }

  void started(Order order, long now) {
    startedAt.put(order.id(), now);
  }

  /** Only a run that was done teaches anything. */
  void ended(Order order, Policy.Step step, boolean done, long now) {
    Long began = startedAt.remove(order.id());
    if (began == null || !done || !step.learned()) {
      return;
    }
    Deque<Long> seen = runs.computeIfAbsent(step, s -> new ArrayDeque<>());
    seen.addLast(now - began);
    if (seen.size() > RUNS_KEPT) {
      seen.removeFirst();
    }
  }

  /** How long the step is expected to take. */
  Duration takes(Policy.Step step) {
    Deque<Long> seen = runs.get(step);
    if (seen == null || seen.size() < LEAST_RUNS) {
      return step.takes();
    }
    long[] sorted = seen.stream().mapToLong(Long::longValue).sorted().toArray();
    long observed = sorted[(int) Math.ceil(PERCENTILE * sorted.length) - 1];
    Duration most = step.takes().multipliedBy(MOST_TIMES);
    Duration learned = Duration.ofNanos(observed);
    return learned.compareTo(most) < 0 ? learned : most;
  }
}
