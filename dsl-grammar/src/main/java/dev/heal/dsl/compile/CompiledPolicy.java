package dev.heal.dsl.compile;

import dev.heal.dsl.text.Span;
import java.util.List;
import java.util.Optional;

/**
 * The rules of a checked policy as Drools text, and where each comes from.
 *
 * @param rules in the order of the text
 */
public record CompiledPolicy(String drl, List<CompiledRule> rules) {
  public CompiledPolicy {
    rules = List.copyOf(rules);
  }

  /**
   * One rule.
   *
   * @param name as it stands in the text
   * @param firstLine line of {@link CompiledPolicy#drl()}, from 1, of the word {@code rule}
   * @param lastLine line of the rule's {@code end}
   * @param source the policy's, or the suppression's, place in its {@code .heal} file
   */
  public record CompiledRule(String name, Says says, int firstLine, int lastLine, Span source) {}

  /** What it means that a rule matches. Names are qualified, as the operator wrote them. */
  public sealed interface Says {
    /** The policy takes the raised fault. */
    record Takes(String policy, String fault) implements Says {}

    /**
     * The raised parent keeps the raised child from starting anything.
     *
     * @param statement which {@code suppresses} of the parent, from 1
     */
    record Suppresses(String parent, int statement, String child) implements Says {}
  }

  /** The place that a line of the text, from 1, comes from; empty outside of the rules. */
  public Optional<Span> source(int line) {
    return rules.stream()
        .filter(rule -> rule.firstLine() <= line && line <= rule.lastLine())
        .map(CompiledRule::source)
        .findFirst();
  }

  /** The place that the rule of that name comes from. */
  public Optional<Span> source(String rule) {
    return rules.stream()
        .filter(found -> found.name().equals(rule))
        .map(CompiledRule::source)
        .findFirst();
  }
}
