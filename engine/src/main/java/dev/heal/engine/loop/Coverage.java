package dev.heal.engine.loop;

import dev.heal.dsl.policy.CheckedPolicy;
import dev.heal.dsl.policy.Fault;
import dev.heal.dsl.policy.Policy;
import dev.heal.dsl.text.SourceFile;
import dev.heal.dsl.text.Span;
import dev.heal.engine.fact.FactChange;
import dev.heal.engine.record.Entry;
import dev.heal.engine.record.EntryType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which policies, rungs, {@code give up}s and ends of faults the tests reach. Only what the named
 * files declare counts, not their imports.
 */
public final class Coverage {
  private final Set<String> own = new HashSet<>();
  private final Map<String, Item> items = new LinkedHashMap<>();
  private final Set<String> reached = new HashSet<>();

  /**
   * Something that a test can reach.
   *
   * @param what in words: {@code policy `cool`, rung 2: `degrade service`}
   */
  public record Item(Span span, String what) {}

  /**
   * @param files those whose declarations count
   */
  public Coverage(Collection<SourceFile> files) {
    files.forEach(file -> own.add(normal(file)));
  }

  private static String normal(SourceFile file) {
    return Path.of(file.name()).normalize().toString();
  }

  /** Declares what there is to reach. */
  public void declare(CheckedPolicy policies) {
    for (Fault fault : policies.faults()) {
      if (fault.event()) {
        fault.cured().ifPresent(c -> item(fault.span(), "cured", fault(fault, "cured when")));
        fault.clearAfter().ifPresent(c -> item(fault.span(), "after", fault(fault, "clear after")));
      } else {
        fault.clear().ifPresent(c -> item(fault.span(), "clear", fault(fault, "clear when")));
      }
    }
    for (Policy policy : policies.policies()) {
      item(policy.span(), "policy", "policy `" + policy.name() + "`");
      for (int i = 0; i < policy.rungs().size(); i++) {
        item(
            policy.rungs().get(i).span(),
            "rung",
            "policy `%s`, rung %d: %s"
                .formatted(policy.name(), i + 1, verbs(policy.rungs().get(i))));
      }
      if (!policy.giveUp().isEmpty()) {
        item(policy.span(), "give up", "policy `" + policy.name() + "`, `give up`");
      }
    }
  }

  private static String fault(Fault fault, String words) {
    return "fault `%s`, `%s`".formatted(fault.name(), words);
  }

  private static String verbs(Policy.Rung rung) {
    List<String> verbs = new ArrayList<>();
    for (Policy.Step step : rung.steps()) {
      verbs.add(step.act().verb() + step.act().target().map(k -> " " + k.word()).orElse(""));
    }
    return "`" + String.join("`, `", verbs) + "`";
  }

  private void item(Span span, String kind, String what) {
    if (own.contains(normal(span.file()))) {
      items.putIfAbsent(key(span, kind), new Item(span, what));
    }
  }

  private static String key(Span span, String kind) {
    return normal(span.file()) + ":" + span.start() + " " + kind;
  }

  /** Takes in what a test reached. */
  public void add(CheckedPolicy policies, TestRun.Result result) {
    Map<String, Policy> byName = new LinkedHashMap<>();
    policies.policies().forEach(policy -> byName.put(policy.name(), policy));
    for (Entry entry : result.entries()) {
      entry
          .policy()
          .flatMap(name -> Optional.ofNullable(byName.get(name)))
          .ifPresent(policy -> reach(policy, entry));
      if (entry.type() == EntryType.FAULT_CLEARED) {
        entry.instance().ifPresent(i -> cleared(policies.fault(i.fault()), entry));
      }
    }
  }

  private void reach(Policy policy, Entry entry) {
    if (begins(entry)) {
      reached.add(key(policy.span(), "policy"));
      entry
          .rung()
          .ifPresent(
              rung -> {
                Policy.Rung begun = policy.rungs().get(rung);
                // an act of `give up` carries the number of the last rung
                if (begun.steps().stream()
                    .anyMatch(s -> entry.verb().filter(s.act().verb()::equals).isPresent())) {
                  reached.add(key(begun.span(), "rung"));
                }
              });
    } else if (entry.type() == EntryType.GAVE_UP) {
      reached.add(key(policy.span(), "give up"));
    }
  }

  private static boolean begins(Entry entry) {
    return entry.type() == EntryType.ACTION_STARTED
        || (entry.type() == EntryType.DECISION
            && entry.outcome().filter("observe"::equals).isPresent());
  }

  private void cleared(Fault fault, Entry entry) {
    if (entry.because().equals(FactChange.IS_CURED)) {
      reached.add(key(fault.span(), "cured"));
    } else if (entry.because().equals(FactChange.TIME_IS_OVER)) {
      reached.add(key(fault.span(), "after"));
    } else if (!fault.event()) {
      reached.add(key(fault.span(), "clear"));
    }
  }

  /** How many there are. */
  public int total() {
    return items.size();
  }

  /** How many of them a test reached. */
  public int covered() {
    Set<String> covered = new TreeSet<>(items.keySet());
    covered.retainAll(reached);
    return covered.size();
  }

  /** In percent, rounded down; 100 where there is nothing to reach. */
  public int percent() {
    return items.isEmpty() ? 100 : (int) (100L * covered() / total());
  }

  /** What no test reached, in the order of declaration. */
  public List<Item> missed() {
    List<Item> missed = new ArrayList<>();
    items.forEach(
        (key, item) -> {
          if (!reached.contains(key)) {
            missed.add(item);
          }
        });
    return missed;
  }
}
