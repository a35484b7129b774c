package dev.heal.engine.rule;

import static org.drools.model.PatternDSL.alphaIndexedBy;
import static org.drools.model.PatternDSL.betaIndexedBy;
import static org.drools.model.PatternDSL.reactOn;

import org.drools.model.Index.ConstraintType;
import org.drools.model.PatternDSL.PatternDef;
import org.drools.model.Variable;
import org.drools.model.functions.Function1;
import org.drools.model.functions.HashedExpression;
import org.drools.model.functions.Predicate1;
import org.drools.model.functions.Predicate2;

/**
 * A property of a kind of fact, and the tests that rules make of it. Tests are records with a
 * fingerprint, so that Drools shares the nodes of equal ones.
 *
 * @param fullName with the kind of fact: part of the fingerprints
 * @param name as DRL text spells it
 * @param number different for each property of one kind of fact
 */
record Property<F, V>(
    String fullName, Class<V> type, String name, int number, Function1<F, V> get) {
  static final Property<RaisedFault, String> RAISED_FAULT =
      new Property<>("RaisedFault.fault", String.class, "fault", 0, RaisedFault::getFault);
  static final Property<RaisedFault, Object> RAISED_ENTITY =
      new Property<>("RaisedFault.entity", Object.class, "entity", 1, RaisedFault::getEntity);
  static final Property<Holds, String> HOLDS_POLICY =
      new Property<>("Holds.policy", String.class, "policy", 0, Holds::getPolicy);
  static final Property<Holds, Object> HOLDS_ENTITY =
      new Property<>("Holds.entity", Object.class, "entity", 1, Holds::getEntity);
  static final Property<Suppressing, String> PARENT_FAULT =
      new Property<>("Suppressing.fault", String.class, "fault", 0, Suppressing::getFault);
  static final Property<Suppressing, Integer> PARENT_STATEMENT =
      new Property<>(
          "Suppressing.statement", Integer.class, "statement", 1, Suppressing::getStatement);
  static final Property<Suppressing, Object> PARENT_ENTITY =
      new Property<>("Suppressing.entity", Object.class, "entity", 2, Suppressing::getEntity);
  static final Property<Related, String> RELATED_KIND =
      new Property<>("Related.kind", String.class, "kind", 0, Related::getKind);
  static final Property<Related, Object> RELATED_ENTITY =
      new Property<>("Related.entity", Object.class, "entity", 1, Related::getEntity);
  static final Property<Related, Object> RELATED_TO =
      new Property<>("Related.to", Object.class, "to", 2, Related::getTo);

  private record Is<F>(String getExpressionHash, Function1<F, ?> get, Object value)
      implements Predicate1<F>, HashedExpression {
    @Override
    public boolean test(F fact) {
      return value.equals(get.apply(fact));
    }
  }

  private record Same<F, G>(String getExpressionHash, Function1<F, ?> one, Function1<G, ?> other)
      implements Predicate2<F, G>, HashedExpression {
    @Override
    public boolean test(F fact, G bound) {
      return one.apply(fact).equals(other.apply(bound));
    }
  }

  /** Adds: this property has the value. */
  PatternDef<F> is(PatternDef<F> pattern, V value) {
    Is<F> test = new Is<>(fullName + "==" + value, get, value);
    return pattern.expr(
        test.getExpressionHash(),
        test,
        alphaIndexedBy(type, ConstraintType.EQUAL, number, get, value),
        reactOn(name));
  }

  /** Adds: this property is the same as the other one of the fact that is bound already. */
  <G> PatternDef<F> isThatOf(PatternDef<F> pattern, Variable<G> bound, Property<G, V> other) {
    Same<F, G> test = new Same<>(fullName + "==" + other.fullName, get, other.get);
    return pattern.expr(
        test.getExpressionHash(),
        bound,
        test,
        betaIndexedBy(type, ConstraintType.EQUAL, number, get, other.get),
        reactOn(name));
  }
}
