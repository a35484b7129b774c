package dev.heal.engine.rule;

import static org.drools.model.DSL.declarationOf;
import static org.drools.model.DSL.on;
import static org.drools.model.PatternDSL.pattern;

import dev.heal.dsl.policy.CheckedPolicy;
import dev.heal.dsl.policy.Fault;
import java.util.ArrayList;
import java.util.List;
import org.drools.model.PatternDSL;
import org.drools.model.Rule;
import org.drools.model.Variable;

/**
 * Which raised faults keep which others from starting anything: one rule for each fault, each of
 * its {@code suppresses} and each child in it. It matches once for each entity that both share.
 */
final class SuppressionModel {
  static final String PARENT = "$parent";
  static final String SHARED = "$shared";
  static final String CHILD = "$raised";

  private SuppressionModel() {}

  static List<Rule> rules(CheckedPolicy policies) {
    List<Rule> rules = new ArrayList<>();
    for (Fault parent : policies.faults()) {
      for (int i = 0; i < parent.suppresses().size(); i++) {
        Fault.Suppression suppression = parent.suppresses().get(i);
        for (String child : suppression.children().stream().distinct().toList()) {
          rules.add(rule(parent.name(), i + 1, suppression.relation().word(), child));
        }
      }
    }
    return rules;
  }

  /** Starts at the parent: suppressors are few, raised faults may be many. */
  private static Rule rule(String parent, int statement, String relation, String child) {
    Variable<Suppressing> suppressing = declarationOf(Suppressing.class, PARENT);
    Variable<Related> around = declarationOf(Related.class, SHARED);
    Variable<Related> member = declarationOf(Related.class, "$member");
    Variable<RaisedFault> raised = declarationOf(RaisedFault.class, CHILD);
    return PatternDSL.rule(PolicyModel.PACKAGE, parent + " suppresses " + child + " " + statement)
        .build(
            Property.PARENT_STATEMENT.is(
                Property.PARENT_FAULT.is(pattern(suppressing), parent), statement),
            Property.RELATED_ENTITY.isThatOf(
                Property.RELATED_KIND.is(pattern(around), relation),
                suppressing,
                Property.PARENT_ENTITY),
            Property.RELATED_TO.isThatOf(
                Property.RELATED_KIND.is(pattern(member), relation), around, Property.RELATED_TO),
            Property.RAISED_ENTITY.isThatOf(
                Property.RAISED_FAULT.is(pattern(raised), child), member, Property.RELATED_ENTITY),
            on(raised).execute(found -> {}));
  }
}
