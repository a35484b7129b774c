package dev.heal.engine.fact.host;

import dev.heal.dsl.policy.CheckedPolicy;
import dev.heal.dsl.policy.Condition;
import dev.heal.dsl.policy.Fault;
import dev.heal.dsl.policy.NumberSource;
import dev.heal.dsl.policy.Policy;
import dev.heal.dsl.policy.Reading;
import dev.heal.dsl.policy.Site;
import dev.heal.dsl.vocabulary.Signal;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** Which signals the conditions of a set of policies read: nothing else has to be asked for. */
public final class SignalsInUse {
  private SignalsInUse() {}

  /** Those of faults, policies and maintenances alike. */
  public static Set<Signal> of(CheckedPolicy policies) {
    Set<Signal> signals = new HashSet<>();
    each(policies, condition -> reading(condition).ifPresent(r -> signals.add(r.signal())));
    return signals;
  }

  /** Hands over every condition, and every part of one. */
  static void each(CheckedPolicy policies, Consumer<Condition> sink) {
    for (Fault fault : policies.faults()) {
      walk(fault.when(), sink);
      fault.clear().ifPresent(condition -> walk(condition, sink));
      fault.cured().ifPresent(condition -> walk(condition, sink));
    }
    for (Policy policy : policies.policies()) {
      policy.where().ifPresent(condition -> walk(condition, sink));
      policy.startWhen().ifPresent(start -> walk(start.condition(), sink));
      policy.rungs().stream()
          .flatMap(rung -> rung.steps().stream())
          .forEach(step -> walk(step.confirm(), sink));
    }
    for (Site.Maintenance maintenance : policies.maintenances()) {
      maintenance.where().ifPresent(condition -> walk(condition, sink));
    }
  }

  private static void walk(Condition condition, Consumer<Condition> sink) {
    sink.accept(condition);
    condition.parts().forEach(part -> walk(part, sink));
  }

  /** What a condition reads itself, without its parts. */
  private static Optional<Reading> reading(Condition condition) {
    if (condition instanceof Condition.NumberTest test) {
      return Optional.of(reading(test.source()));
    }
    if (condition instanceof Condition.NumberIn in) {
      return Optional.of(in.reading());
    }
    if (condition instanceof Condition.NanTest nan) {
      return Optional.of(nan.reading());
    }
    if (condition instanceof Condition.FlagTest flag) {
      return Optional.of(flag.reading());
    }
    if (condition instanceof Condition.WordTest word) {
      return Optional.of(word.reading());
    }
    if (condition instanceof Condition.WordMatches word) {
      return Optional.of(word.reading());
    }
    if (condition instanceof Condition.Silent silent) {
      return Optional.of(silent.reading());
    }
    if (condition instanceof Condition.Happens happens) {
      return Optional.of(happens.reading());
    }
    if (!condition.parts().isEmpty() || condition instanceof Condition.CheckPasses) {
      return Optional.empty();
    }
    throw new IllegalStateException("a new kind of condition: " + condition);
  }

  private static Reading reading(NumberSource source) {
    if (source instanceof NumberSource.Latest latest) {
      return latest.reading();
    }
    if (source instanceof NumberSource.Window window) {
      return window.reading();
    }
    if (source instanceof NumberSource.Count count) {
      return count.event().reading();
    }
    if (source instanceof NumberSource.Ratio ratio) {
      return ratio.reading();
    }
    if (source instanceof NumberSource.Forecast forecast) {
      return forecast.reading();
    }
    throw new IllegalStateException("a new kind of source: " + source);
  }
}
