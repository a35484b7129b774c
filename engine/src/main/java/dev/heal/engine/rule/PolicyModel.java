package dev.heal.engine.rule;

import static org.drools.model.DSL.declarationOf;
import static org.drools.model.DSL.not;
import static org.drools.model.DSL.on;
import static org.drools.model.PatternDSL.alphaIndexedBy;
import static org.drools.model.PatternDSL.pattern;
import static org.drools.model.PatternDSL.reactOn;

import dev.heal.dsl.policy.CheckedPolicy;
import dev.heal.dsl.policy.Policy;
import dev.heal.engine.fact.EntityId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.drools.model.Index.ConstraintType;
import org.drools.model.PatternDSL;
import org.drools.model.Rule;
import org.drools.model.RuleItemBuilder;
import org.drools.model.Variable;
import org.drools.model.functions.Function1;
import org.drools.model.functions.HashedExpression;
import org.drools.model.functions.Predicate1;
import org.drools.model.functions.Predicate2;
import org.drools.model.impl.ModelImpl;

/**
 * The policies as an executable model, built in memory: one rule for each policy and fault.
 * Predicates are records with a fingerprint, so that Drools shares the nodes of equal ones.
 */
final class PolicyModel {
  static final String PACKAGE = "heal.policies";

  private static final Function1<RaisedFault, String> FAULT = RaisedFault::getFault;
  private static final Function1<Holds, String> POLICY = Holds::getPolicy;

  private PolicyModel() {}

  private record IsFault(String name) implements Predicate1<RaisedFault>, HashedExpression {
    @Override
    public boolean test(RaisedFault fault) {
      return fault.getFault().equals(name);
    }

    @Override
    public String getExpressionHash() {
      return "fault==" + name;
    }
  }

  private record IsPolicy(String name) implements Predicate1<Holds>, HashedExpression {
    @Override
    public boolean test(Holds holds) {
      return holds.getPolicy().equals(name);
    }

    @Override
    public String getExpressionHash() {
      return "holds==" + name;
    }
  }

  private record SameEntity() implements Predicate2<Holds, RaisedFault>, HashedExpression {
    @Override
    public boolean test(Holds holds, RaisedFault fault) {
      EntityId entity = holds.getEntity();
      return entity.equals(fault.getEntity());
    }

    @Override
    public String getExpressionHash() {
      return "sameEntity";
    }
  }

  /** Policies by rank: the higher priority first, then the order of declaration. */
  static List<Policy> ranked(CheckedPolicy policies) {
    return policies.policies().stream()
        .sorted(
            Comparator.comparingInt((Policy p) -> -p.priority()).thenComparingInt(Policy::order))
        .toList();
  }

  static ModelImpl of(CheckedPolicy policies) {
    ModelImpl model = new ModelImpl(PACKAGE);
    List<Policy> ranked = ranked(policies);
    for (int i = 0; i < ranked.size(); i++) {
      for (String fault : ranked.get(i).faults()) {
        List<Policy> before =
            ranked.subList(0, i).stream().filter(p -> p.faults().contains(fault)).toList();
        // one that always takes the fault leaves nothing to those behind it
        if (before.stream().allMatch(p -> p.where().isPresent())) {
          model.addRule(rule(ranked.get(i), fault, before));
        }
      }
    }
    return model;
  }

  /** The rule's name says policy and fault; both are qualified names without blanks. */
  static String ruleName(String policy, String fault) {
    return policy + " " + fault;
  }

  private static Rule rule(Policy policy, String fault, List<Policy> before) {
    Variable<RaisedFault> raised = declarationOf(RaisedFault.class, "$raised");
    List<RuleItemBuilder<?>> items = new ArrayList<>();
    items.add(
        pattern(raised)
            .expr(
                "fault==" + fault,
                new IsFault(fault),
                alphaIndexedBy(String.class, ConstraintType.EQUAL, 0, FAULT, fault),
                reactOn("fault")));
    if (policy.where().isPresent()) {
      items.add(holds(policy, raised, "$where"));
    }
    for (int i = 0; i < before.size(); i++) {
      items.add(not(holds(before.get(i), raised, "$before" + i)));
    }
    items.add(on(raised).execute(found -> {}));
    return PatternDSL.rule(PACKAGE, ruleName(policy.name(), fault))
        .build(items.toArray(new RuleItemBuilder<?>[0]));
  }

  private static PatternDSL.PatternDef<Holds> holds(
      Policy policy, Variable<RaisedFault> raised, String variable) {
    Variable<Holds> holds = declarationOf(Holds.class, variable);
    return pattern(holds)
        .expr(
            "holds==" + policy.name(),
            new IsPolicy(policy.name()),
            alphaIndexedBy(String.class, ConstraintType.EQUAL, 0, POLICY, policy.name()),
            reactOn("policy"))
        .expr("sameEntity", raised, new SameEntity(), reactOn("entity"));
  }
}
