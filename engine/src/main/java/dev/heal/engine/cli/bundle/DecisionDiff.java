package dev.heal.engine.cli.bundle;

import dev.heal.engine.record.Entry;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The steps of two runs over the same facts, without those that both took. A step is the same where
 * time, kind, fault, policy, act and outcome are; the words of its reason may differ.
 */
public final class DecisionDiff {
  /** Whose step it is. */
  public enum Side {
    BEFORE,
    AFTER;

    /** {@code before}. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * A step that only one run took.
   *
   * @param nth in the order in which the steps came, over both runs
   */
  public record Step(Side side, long nth, Entry entry) {}

  private final Map<String, Deque<Step>> before = new LinkedHashMap<>();
  private final Map<String, Deque<Step>> after = new LinkedHashMap<>();
  private long count;

  /** Takes a step of a run, as it comes. */
  public void take(Side side, Entry entry) {
    String key = key(entry);
    Map<String, Deque<Step>> others = side == Side.BEFORE ? after : before;
    Deque<Step> same = others.get(key);
    if (same != null) {
      same.removeFirst();
      if (same.isEmpty()) {
        others.remove(key);
      }
      return;
    }
    Map<String, Deque<Step>> own = side == Side.BEFORE ? before : after;
    own.computeIfAbsent(key, k -> new ArrayDeque<>()).add(new Step(side, count++, entry));
  }

  private static String key(Entry entry) {
    return String.join(
        "|",
        Long.toString(entry.at()),
        entry.type().word(),
        entry.instance().toString(),
        entry.policy().toString(),
        entry.rung().toString(),
        entry.verb().toString(),
        entry.target().toString(),
        entry.deadline().toString(),
        entry.outcome().toString());
  }

  /** What only one of them did, by time. */
  public List<Step> steps() {
    List<Step> steps = new ArrayList<>();
    before.values().forEach(steps::addAll);
    after.values().forEach(steps::addAll);
    steps.sort(
        (a, b) -> {
          int byTime = Long.compare(a.entry().at(), b.entry().at());
          int bySide = a.side().compareTo(b.side());
          return byTime != 0 ? byTime : bySide != 0 ? bySide : Long.compare(a.nth(), b.nth());
        });
    return steps;
  }

  /** {@code 3 steps before only, 5 after only, of the policies cool, revive}. */
  public String summary() {
    List<Step> steps = steps();
    if (steps.isEmpty()) {
      return "no decision differs on these facts";
    }
    long only = steps.stream().filter(step -> step.side() == Side.BEFORE).count();
    Set<String> policies = new TreeSet<>();
    steps.forEach(step -> step.entry().policy().ifPresent(policies::add));
    return "%d of the steps before only, %d after only%s"
        .formatted(
            only,
            steps.size() - only,
            policies.isEmpty() ? "" : "; policies: " + String.join(", ", policies));
  }
}
