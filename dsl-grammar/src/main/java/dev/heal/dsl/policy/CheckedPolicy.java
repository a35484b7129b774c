package dev.heal.dsl.policy;

import dev.heal.dsl.text.Span;
import dev.heal.dsl.vocabulary.EntityKind;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * The meaning of a set of files without errors. Lists are in the order of declaration: imported
 * files first, then the files as given.
 */
public record CheckedPolicy(
    List<Fault> faults,
    List<Policy> policies,
    List<Budget> budgets,
    List<Site.Maintenance> maintenances,
    List<Site.Breaker> breakers,
    Map<String, SiteAction> actions,
    Map<String, SiteCheck> checks,
    Site site,
    List<TestCase> tests) {
  public CheckedPolicy {
    faults = List.copyOf(faults);
    policies = List.copyOf(policies);
    budgets = List.copyOf(budgets);
    maintenances = List.copyOf(maintenances);
    breakers = List.copyOf(breakers);
    actions = Map.copyOf(actions);
    checks = Map.copyOf(checks);
    tests = List.copyOf(tests);
  }

  /** The fault of that qualified name; it is there, or the check would have failed. */
  public Fault fault(String name) {
    return faults.stream()
        .filter(f -> f.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no fault " + name));
  }

  /** How far its conditions look back, the farthest of them: so far samples are worth keeping. */
  public Duration horizon() {
    Stream<Condition> ofFaults =
        faults.stream().flatMap(f -> Stream.concat(Stream.of(f.when()), f.end().stream()));
    Stream<Condition> ofPolicies =
        policies.stream()
            .flatMap(
                p ->
                    Stream.concat(
                        p.where().stream(), p.startWhen().stream().map(s -> s.condition())));
    return Stream.concat(ofFaults, ofPolicies)
        .map(Condition::horizon)
        .reduce(Duration.ZERO, (a, b) -> a.compareTo(b) >= 0 ? a : b);
  }

  /** The same with each policy replaced. */
  public CheckedPolicy withEach(UnaryOperator<Policy> change) {
    return new CheckedPolicy(
        faults,
        policies.stream().map(change).toList(),
        budgets,
        maintenances,
        breakers,
        actions,
        checks,
        site,
        tests);
  }

  /** {@code action purge_logs on node "…" { command […], takes 30s, destructive no }}. */
  public record SiteAction(
      String name,
      EntityKind target,
      List<String> command,
      Duration takes,
      boolean destructive,
      Span span) {
    public SiteAction {
      command = List.copyOf(command);
    }
  }

  /** {@code check dcgm on gpu { command […], timeout 3m }}. */
  public record SiteCheck(
      String name, EntityKind target, List<String> command, Duration timeout, Span span) {
    public SiteCheck {
      command = List.copyOf(command);
    }
  }
}
