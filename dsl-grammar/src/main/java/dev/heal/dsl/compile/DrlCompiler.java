package dev.heal.dsl.compile;

import dev.heal.dsl.compile.CompiledPolicy.CompiledRule;
import dev.heal.dsl.compile.CompiledPolicy.Says;
import dev.heal.dsl.policy.CheckedPolicy;
import dev.heal.dsl.policy.Condition;
import dev.heal.dsl.policy.Fault;
import dev.heal.dsl.policy.Policy;
import dev.heal.dsl.text.Span;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes the rules of a checked policy as Drools text, for people to read.
 *
 * <p>The engine builds the same rules in memory; its tests hold that both propose the same. A rule
 * of a policy matches a raised fault that the policy takes: its {@code where} holds on the entity,
 * and that of no policy before it does. A rule of a suppression matches a raised child that shares
 * an entity with a parent that suppresses now.
 */
public final class DrlCompiler {
  private static final String HEAD =
      """
      // Written by `heal compile`. The engine does not read this text.
      package heal.policies;

      import dev.heal.engine.rule.Holds;
      import dev.heal.engine.rule.RaisedFault;
      """;

  private static final String SUPPRESSION_IMPORTS =
      """
      import dev.heal.engine.rule.Related;
      import dev.heal.engine.rule.Suppressing;
      """;

  private final CheckedPolicy policies;
  private final Map<String, Fault> faults = new HashMap<>();
  private final List<String> lines = new ArrayList<>(HEAD.lines().toList());
  private final List<CompiledRule> rules = new ArrayList<>();

  private DrlCompiler(CheckedPolicy policies) {
    this.policies = policies;
    policies.faults().forEach(fault -> faults.putIfAbsent(fault.name(), fault));
  }

  /**
   * One rule for each policy and each of its faults, the policy of the highest rank first; then one
   * for each child of each {@code suppresses}.
   */
  public static CompiledPolicy compile(CheckedPolicy policies) {
    DrlCompiler compiler = new DrlCompiler(policies);
    if (policies.faults().stream().anyMatch(fault -> !fault.suppresses().isEmpty())) {
      compiler.lines.addAll(SUPPRESSION_IMPORTS.lines().toList());
    }
    compiler.writePolicies();
    policies.faults().forEach(compiler::writeSuppressions);
    return new CompiledPolicy(String.join("\n", compiler.lines) + "\n", compiler.rules);
  }

  private void writePolicies() {
    List<Policy> ranked =
        policies.policies().stream()
            .sorted(
                Comparator.comparingInt(Policy::priority)
                    .reversed()
                    .thenComparingInt(Policy::order))
            .toList();
    Map<String, List<Policy>> before = new HashMap<>();
    for (Policy policy : ranked) {
      for (String fault : policy.faults().stream().distinct().toList()) {
        List<Policy> first = before.computeIfAbsent(fault, f -> new ArrayList<>());
        write(policy, fault, first);
        first.add(policy);
      }
    }
  }

  private void write(Policy policy, String fault, List<Policy> before) {
    String name = DrlText.name(policy.name()) + " " + DrlText.name(fault);
    lines.add("");
    comment(place(policy.span()) + ": policy " + policy.name());
    commentFault(fault);
    for (Policy first : before) {
      if (first.where().isEmpty()) {
        lines.add("// no rule \"%s\": %s always takes the fault".formatted(name, nameOf(first)));
        return;
      }
    }
    policy.where().map(Condition::meaning).ifPresent(where -> comment("where " + where));
    List<String> patterns = new ArrayList<>();
    patterns.add("$raised : RaisedFault(fault == " + DrlText.literal(fault) + ")");
    before.forEach(first -> patterns.add("not " + holds(first)));
    policy.where().ifPresent(where -> patterns.add(holds(policy)));
    rule(name, new Says.Takes(policy.name(), fault), patterns, policy.span());
  }

  private void writeSuppressions(Fault parent) {
    for (int i = 0; i < parent.suppresses().size(); i++) {
      Fault.Suppression suppression = parent.suppresses().get(i);
      for (String child : suppression.children().stream().distinct().toList()) {
        write(parent, i + 1, suppression, child);
      }
    }
  }

  private void write(Fault parent, int statement, Fault.Suppression suppression, String child) {
    String relation = DrlText.literal(suppression.relation().word());
    lines.add("");
    comment(
        "%s: fault %s suppresses %s, same %s"
            .formatted(
                place(suppression.span()), parent.name(), child, suppression.relation().word()));
    commentFault(child);
    rule(
        DrlText.name(parent.name()) + " suppresses " + DrlText.name(child) + " " + statement,
        new Says.Suppresses(parent.name(), statement, child),
        List.of(
            "$parent : Suppressing(fault == %s, statement == %d)"
                .formatted(DrlText.literal(parent.name()), statement),
            "$shared : Related(kind == %s, entity == $parent.entity)".formatted(relation),
            "$member : Related(kind == %s, to == $shared.to)".formatted(relation),
            "$raised : RaisedFault(fault == %s, entity == $member.entity)"
                .formatted(DrlText.literal(child))),
        suppression.span());
  }

  private void rule(String name, Says says, List<String> patterns, Span source) {
    int firstLine = lines.size() + 1;
    lines.add("rule \"" + name + "\"");
    lines.add("when");
    patterns.forEach(pattern -> lines.add("  " + pattern));
    lines.add("then");
    lines.add("end");
    rules.add(new CompiledRule(name, says, firstLine, lines.size(), source));
  }

  private static String holds(Policy policy) {
    return "Holds(policy == " + DrlText.literal(policy.name()) + ", entity == $raised.entity)";
  }

  private static String nameOf(Policy policy) {
    return DrlText.name(policy.name());
  }

  private void comment(String text) {
    lines.add("// " + DrlText.comment(text));
  }

  private void commentFault(String name) {
    Fault fault = faults.get(name);
    if (fault != null) {
      String title = fault.title().isEmpty() ? "" : ", \"" + fault.title() + "\"";
      comment(place(fault.span()) + ": fault " + name + title);
    }
  }

  private static String place(Span span) {
    return span.file().name() + ":" + span.line();
  }
}
