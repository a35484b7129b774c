package dev.heal.engine.rule;

import static org.drools.model.DSL.declarationOf;
import static org.drools.model.DSL.not;
import static org.drools.model.DSL.on;
import static org.drools.model.PatternDSL.pattern;

import dev.heal.dsl.policy.CheckedPolicy;
import dev.heal.dsl.policy.Policy;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.drools.model.PatternDSL;
import org.drools.model.Rule;
import org.drools.model.RuleItemBuilder;
import org.drools.model.Variable;
import org.drools.model.impl.ModelImpl;

/**
 * The policies as an executable model, built in memory: one rule for each policy and fault that it
 * may take, and those of {@link SuppressionModel}.
 *
 * @param policyOf the policy of each rule that stands for one, by the rule's name
 */
record PolicyModel(ModelImpl model, Map<String, String> policyOf) {
  static final String PACKAGE = "heal.policies";

  /** Policies by rank: the higher priority first, then the order of declaration. */
  static List<Policy> ranked(CheckedPolicy policies) {
    return policies.policies().stream()
        .sorted(
            Comparator.comparingInt((Policy p) -> -p.priority()).thenComparingInt(Policy::order))
        .toList();
  }

  static PolicyModel of(CheckedPolicy policies) {
    ModelImpl model = new ModelImpl(PACKAGE);
    Map<String, String> policyOf = new HashMap<>();
    Map<String, List<Policy>> before = new HashMap<>();
    Set<String> taken = new HashSet<>();
    for (Policy policy : ranked(policies)) {
      for (String fault : policy.faults().stream().distinct().toList()) {
        // one that always takes the fault leaves nothing to those behind it
        if (taken.contains(fault)) {
          continue;
        }
        List<Policy> first = before.computeIfAbsent(fault, f -> new ArrayList<>());
        Rule rule = rule(policy, fault, first);
        model.addRule(rule);
        policyOf.put(rule.getName(), policy.name());
        first.add(policy);
        if (policy.where().isEmpty()) {
          taken.add(fault);
        }
      }
    }
    SuppressionModel.rules(policies).forEach(model::addRule);
    return new PolicyModel(model, Map.copyOf(policyOf));
  }

  /** The policies before come first: so all rules of a fault share that part. */
  private static Rule rule(Policy policy, String fault, List<Policy> before) {
    Variable<RaisedFault> raised = declarationOf(RaisedFault.class, "$raised");
    List<RuleItemBuilder<?>> items = new ArrayList<>();
    items.add(Property.RAISED_FAULT.is(pattern(raised), fault));
    for (int i = 0; i < before.size(); i++) {
      items.add(not(holds(before.get(i), raised, "$before" + i)));
    }
    if (policy.where().isPresent()) {
      items.add(holds(policy, raised, "$where"));
    }
    items.add(on(raised).execute(found -> {}));
    return PatternDSL.rule(PACKAGE, policy.name() + " " + fault)
        .build(items.toArray(new RuleItemBuilder<?>[0]));
  }

  private static PatternDSL.PatternDef<Holds> holds(
      Policy policy, Variable<RaisedFault> raised, String variable) {
    return Property.HOLDS_ENTITY.isThatOf(
        Property.HOLDS_POLICY.is(pattern(declarationOf(Holds.class, variable)), policy.name()),
        raised,
        Property.RAISED_ENTITY);
  }
}
