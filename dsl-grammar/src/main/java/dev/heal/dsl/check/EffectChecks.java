package dev.heal.dsl.check;

import dev.heal.dsl.policy.CheckedPolicy;
import dev.heal.dsl.policy.Condition;
import dev.heal.dsl.policy.Fault;
import dev.heal.dsl.policy.NumberSource;
import dev.heal.dsl.policy.Policy;
import dev.heal.dsl.policy.Reading;
import dev.heal.dsl.tree.ComparisonOperator;
import dev.heal.dsl.vocabulary.Effect;
import dev.heal.dsl.vocabulary.Vocabulary;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Acts that raise the fault which they are to repair: they would be done again and again. What the
 * verbs do is data of the vocabulary. An exit, a silence or a spell of ill health that an act
 * causes raises nothing, so these are no effects there.
 */
final class EffectChecks {
  private EffectChecks() {}

  static void check(CheckedPolicy policies, Map<String, Fault> faults, Findings findings) {
    for (Policy policy : policies.policies()) {
      findings.enter("policy `" + policy.name() + "`", policy.span());
      for (String name : policy.faults()) {
        Fault fault = faults.get(name);
        if (fault != null) {
          policy.rungs().stream()
              .flatMap(rung -> rung.steps().stream())
              .forEach(step -> raised(step.act(), fault, findings));
        }
      }
    }
    findings.leave();
  }

  private static void raised(Policy.Act act, Fault fault, Findings findings) {
    for (Effect effect : Vocabulary.standard().effects()) {
      if (effect.verb().equals(act.verb()) && act.target().equals(Optional.of(effect.target()))) {
        Optional<String> cause = makes(effect, fault.when(), true);
        if (cause.isPresent()) {
          findings.add(
              CheckCode.H0507,
              act.span(),
              "`%s %s` raises the fault that it is to repair: `%s` is raised by `%s`"
                  .formatted(act.verb(), effect.target().word(), fault.name(), cause.get()),
              "do something else about it, or change what raises the fault");
          return;
        }
      }
    }
  }

  /** The test that the effect makes true, or keeps true. */
  private static Optional<String> makes(Effect effect, Condition condition, boolean holds) {
    if (condition instanceof Condition.Not not) {
      return makes(effect, not.part(), !holds);
    }
    if (fulfils(effect, condition, holds)) {
      return Optional.of(ConditionWords.of(condition, holds));
    }
    return ConditionFacts.parts(condition).stream()
        .flatMap(part -> makes(effect, part, holds).stream())
        .findFirst();
  }

  private static boolean fulfils(Effect effect, Condition condition, boolean holds) {
    return switch (effect.change()) {
      case ON ->
          holds
              && ((condition instanceof Condition.FlagTest flag && reads(effect, flag.reading()))
                  || (condition instanceof Condition.WordTest word
                      && reads(effect, word.reading())
                      && effect.word().filter(word.words()::contains).isPresent()));
      case OFF ->
          !holds && condition instanceof Condition.FlagTest flag && reads(effect, flag.reading());
      case RISES -> bounds(effect, condition, holds, GREATER);
      case FALLS -> bounds(effect, condition, holds, LESS);
      case HAPPENS ->
          (condition instanceof Condition.Happens event && reads(effect, event.reading()))
              || (condition instanceof Condition.NumberTest test
                  && test.source() instanceof NumberSource.Count count
                  && reads(effect, count.event().reading()));
    };
  }

  private static final Set<ComparisonOperator> GREATER =
      Set.of(ComparisonOperator.GREATER, ComparisonOperator.AT_LEAST);
  private static final Set<ComparisonOperator> LESS =
      Set.of(ComparisonOperator.LESS, ComparisonOperator.AT_MOST);

  private static boolean bounds(
      Effect effect, Condition condition, boolean holds, Set<ComparisonOperator> wanted) {
    if (!(condition instanceof Condition.NumberTest test)) {
      return false;
    }
    ComparisonOperator operator = holds ? test.operator() : test.operator().opposite();
    Optional<Reading> reading = Optional.empty();
    if (test.source() instanceof NumberSource.Latest latest) {
      reading = Optional.of(latest.reading());
    } else if (test.source() instanceof NumberSource.Window window) {
      reading = Optional.of(window.reading());
    }
    return wanted.contains(operator) && reading.filter(r -> reads(effect, r)).isPresent();
  }

  private static boolean reads(Effect effect, Reading reading) {
    return reading.signal().equals(effect.signal());
  }
}
