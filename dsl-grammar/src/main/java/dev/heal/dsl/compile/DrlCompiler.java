package dev.heal.dsl.compile;

import dev.heal.dsl.compile.CompiledPolicy.CompiledRule;
import dev.heal.dsl.policy.CheckedPolicy;
import dev.heal.dsl.policy.Condition;
import dev.heal.dsl.policy.Fault;
import dev.heal.dsl.policy.Policy;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Writes the rules of a checked policy as Drools text, for people to read.
 *
 * <p>The engine builds the same rules in memory; its tests hold that both propose the same. A rule
 * matches a raised fault that the policy takes: its {@code where} holds on the entity, and that of
 * no policy before it does.
 */
public final class DrlCompiler {
  private static final String HEAD =
      """
      // Written by `heal compile`. The engine does not read this text.
      package heal.policies;

      import dev.heal.engine.rule.Holds;
      import dev.heal.engine.rule.RaisedFault;
      """;

  private final CheckedPolicy policies;
  private final List<String> lines = new ArrayList<>(HEAD.lines().toList());
  private final List<CompiledRule> rules = new ArrayList<>();

  private DrlCompiler(CheckedPolicy policies) {
    this.policies = policies;
  }

  /** One rule for each policy and each of its faults, the policy of the highest rank first. */
  public static CompiledPolicy compile(CheckedPolicy policies) {
    DrlCompiler compiler = new DrlCompiler(policies);
    compiler.write();
    return new CompiledPolicy(String.join("\n", compiler.lines) + "\n", compiler.rules);
  }

  private void write() {
    List<Policy> ranked =
        policies.policies().stream()
            .sorted(
                Comparator.comparingInt(Policy::priority)
                    .reversed()
                    .thenComparingInt(Policy::order))
            .toList();
    for (int i = 0; i < ranked.size(); i++) {
      Policy policy = ranked.get(i);
      for (String fault : policy.faults().stream().distinct().toList()) {
        write(
            policy,
            fault,
            ranked.subList(0, i).stream().filter(p -> p.faults().contains(fault)).toList());
      }
    }
  }

  private void write(Policy policy, String fault, List<Policy> before) {
    String name = DrlText.name(policy.name()) + " " + DrlText.name(fault);
    lines.add("");
    lines.add("// " + DrlText.comment(place(policy)));
    title(fault).ifPresent(title -> lines.add("// " + DrlText.comment(title)));
    for (Policy first : before) {
      if (first.where().isEmpty()) {
        lines.add(
            "// no rule \""
                + name
                + "\": "
                + DrlText.name(first.name())
                + " always takes the fault");
        return;
      }
    }
    policy
        .where()
        .map(Condition::meaning)
        .ifPresent(where -> lines.add("// where " + DrlText.comment(where)));
    int firstLine = lines.size() + 1;
    lines.add("rule \"" + name + "\"");
    lines.add("when");
    lines.add("  $raised : RaisedFault(fault == " + DrlText.literal(fault) + ")");
    if (policy.where().isPresent()) {
      lines.add("  " + holds(policy));
    }
    for (Policy first : before) {
      lines.add("  not " + holds(first));
    }
    lines.add("then");
    lines.add("end");
    rules.add(new CompiledRule(name, policy.name(), fault, firstLine, lines.size(), policy.span()));
  }

  private static String holds(Policy policy) {
    return "Holds(policy == " + DrlText.literal(policy.name()) + ", entity == $raised.entity)";
  }

  private static String place(Policy policy) {
    return policy.span().file().name() + ":" + policy.span().line();
  }

  private Optional<String> title(String fault) {
    return policies.faults().stream()
        .filter(found -> found.name().equals(fault))
        .map(Fault::title)
        .filter(title -> !title.isEmpty())
        .findFirst();
  }
}
