package dev.heal.bench.rival;

import static org.drools.model.DSL.declarationOf;
import static org.drools.model.DSL.globalOf;
import static org.drools.model.DSL.not;
import static org.drools.model.DSL.on;
import static org.drools.model.PatternDSL.alphaIndexedBy;
import static org.drools.model.PatternDSL.betaIndexedBy;
import static org.drools.model.PatternDSL.pattern;
import static org.drools.model.PatternDSL.reactOn;

import dev.heal.bench.stream.ThresholdRule;
import dev.heal.engine.fact.EntityId;
import java.util.List;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import org.drools.model.Global;
import org.drools.model.Index.ConstraintType;
import org.drools.model.PatternDSL;
import org.drools.model.PatternDSL.PatternDef;
import org.drools.model.Rule;
import org.drools.model.Variable;
import org.drools.model.functions.Function1;
import org.drools.model.functions.HashedExpression;
import org.drools.model.functions.Predicate1;
import org.drools.model.functions.Predicate2;
import org.drools.model.impl.ModelImpl;

/**
 * Four Drools rules for each threshold: it is crossed, and the time is written down; it was held
 * long enough, and fires; it was not; it is over. Every comparison has its index.
 */
final class PlainDroolsRules {
  static final String FIRINGS = "firings";
  private static final String PACKAGE = "plain";

  /** The threshold of the policy is crossed since {@code since}. */
  record Pending(String policy, EntityId entity, long since) {}

  /** The policy fired, and its end has not come. */
  record Fired(String policy, EntityId entity) {}

  /** A test with a fingerprint, so that Drools shares the nodes of equal ones. */
  private record OfOne<F>(String getExpressionHash, Predicate<F> holds)
      implements Predicate1<F>, HashedExpression {
    @Override
    public boolean test(F fact) {
      return holds.test(fact);
    }
  }

  private record OfTwo<F, G>(String getExpressionHash, BiPredicate<F, G> holds)
      implements Predicate2<F, G>, HashedExpression {
    @Override
    public boolean test(F fact, G bound) {
      return holds.test(fact, bound);
    }
  }

  private PlainDroolsRules() {}

  static ModelImpl model(List<ThresholdRule> rules) {
    ModelImpl model = new ModelImpl(PACKAGE);
    Global<Firings> firings = globalOf(Firings.class, PACKAGE, FIRINGS);
    model.addGlobal(firings);
    for (ThresholdRule rule : rules) {
      model.addRule(begins(rule));
      model.addRule(fires(rule, firings));
      model.addRule(fallsBack(rule));
      model.addRule(ends(rule));
    }
    return model;
  }

  private static Rule begins(ThresholdRule rule) {
    Variable<Reading> reading = declarationOf(Reading.class, "$reading");
    Variable<Pending> pending = declarationOf(Pending.class, "$pending");
    Variable<Fired> fired = declarationOf(Fired.class, "$fired");
    String policy = rule.policy();
    return PatternDSL.rule(PACKAGE, policy + " begins")
        .build(
            atLeast(reading(reading, rule), rule.raise()),
            not(same(pendingOf(pending, rule), Pending::entity, reading, Reading::getEntity)),
            not(same(firedOf(fired, rule), Fired::entity, reading, Reading::getEntity)),
            on(reading)
                .execute(
                    (drools, at) ->
                        drools.insert(new Pending(policy, at.getEntity(), at.getAt()))));
  }

  private static Rule fires(ThresholdRule rule, Global<Firings> firings) {
    Variable<Reading> reading = declarationOf(Reading.class, "$reading");
    Variable<Pending> pending = declarationOf(Pending.class, "$pending");
    String policy = rule.policy();
    long held = rule.held().toNanos();
    OfTwo<Reading, Pending> test =
        new OfTwo<>("held " + held, (now, since) -> now.getAt() - since.since() >= held);
    return PatternDSL.rule(PACKAGE, policy + " fires")
        .build(
            pendingOf(pending, rule),
            same(
                    atLeast(reading(reading, rule), rule.raise()),
                    Reading::getEntity,
                    pending,
                    Pending::entity)
                .expr(test.getExpressionHash(), pending, test, reactOn("at")),
            on(reading, pending, firings)
                .execute(
                    (drools, at, since, sink) -> {
                      drools.delete(since);
                      drools.insert(new Fired(policy, at.getEntity()));
                      sink.fired(policy, at.getEntity(), at.getAt());
                    }));
  }

  private static Rule fallsBack(ThresholdRule rule) {
    Variable<Reading> reading = declarationOf(Reading.class, "$reading");
    Variable<Pending> pending = declarationOf(Pending.class, "$pending");
    return PatternDSL.rule(PACKAGE, rule.policy() + " falls back")
        .build(
            pendingOf(pending, rule),
            same(
                below(reading(reading, rule), rule.raise()),
                Reading::getEntity,
                pending,
                Pending::entity),
            on(pending).execute((drools, over) -> drools.delete(over)));
  }

  private static Rule ends(ThresholdRule rule) {
    Variable<Reading> reading = declarationOf(Reading.class, "$reading");
    Variable<Fired> fired = declarationOf(Fired.class, "$fired");
    return PatternDSL.rule(PACKAGE, rule.policy() + " ends")
        .build(
            firedOf(fired, rule),
            same(
                below(reading(reading, rule), rule.clear()),
                Reading::getEntity,
                fired,
                Fired::entity),
            on(fired).execute((drools, over) -> drools.delete(over)));
  }

  private static PatternDef<Reading> reading(Variable<Reading> variable, ThresholdRule rule) {
    return is(pattern(variable), "signal", Reading::getSignal, rule.signal());
  }

  private static PatternDef<Pending> pendingOf(Variable<Pending> variable, ThresholdRule rule) {
    return is(pattern(variable), "pending", Pending::policy, rule.policy());
  }

  private static PatternDef<Fired> firedOf(Variable<Fired> variable, ThresholdRule rule) {
    return is(pattern(variable), "fired", Fired::policy, rule.policy());
  }

  private static <F> PatternDef<F> is(
      PatternDef<F> pattern, String name, Function1<F, String> get, String value) {
    OfOne<F> test = new OfOne<>(name + "==" + value, fact -> value.equals(get.apply(fact)));
    return pattern.expr(
        test.getExpressionHash(),
        test,
        alphaIndexedBy(String.class, ConstraintType.EQUAL, 0, get, value),
        reactOn(name));
  }

  private static PatternDef<Reading> atLeast(PatternDef<Reading> pattern, double bound) {
    OfOne<Reading> test = new OfOne<>("value>=" + bound, reading -> reading.getValue() >= bound);
    return pattern.expr(
        test.getExpressionHash(),
        test,
        alphaIndexedBy(Double.class, ConstraintType.GREATER_OR_EQUAL, 1, Reading::getValue, bound),
        reactOn("value"));
  }

  private static PatternDef<Reading> below(PatternDef<Reading> pattern, double bound) {
    OfOne<Reading> test = new OfOne<>("value<" + bound, reading -> reading.getValue() < bound);
    return pattern.expr(
        test.getExpressionHash(),
        test,
        alphaIndexedBy(Double.class, ConstraintType.LESS_THAN, 1, Reading::getValue, bound),
        reactOn("value"));
  }

  private static <F, G> PatternDef<F> same(
      PatternDef<F> pattern,
      Function1<F, EntityId> get,
      Variable<G> bound,
      Function1<G, EntityId> other) {
    OfTwo<F, G> test =
        new OfTwo<>("same entity", (one, two) -> get.apply(one).equals(other.apply(two)));
    return pattern.expr(
        test.getExpressionHash(),
        bound,
        test,
        betaIndexedBy(EntityId.class, ConstraintType.EQUAL, 2, get, other),
        reactOn("entity"));
  }
}
