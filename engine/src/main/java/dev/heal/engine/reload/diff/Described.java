package dev.heal.engine.reload.diff;

import dev.heal.dsl.policy.Policy;
import dev.heal.dsl.text.Span;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An item with its lines.
 *
 * @param rungs of a policy; empty for everything else
 */
record Described(
    String name, Facets facets, List<Policy.Rung> rungs, Optional<String> place, String headline) {

  static Described of(String name, Record item) {
    List<Policy.Rung> rungs = item instanceof Policy policy ? policy.rungs() : List.of();
    Facets facets = Facets.of(item);
    return new Described(name, facets, rungs, place(item), headline(facets, rungs));
  }

  /** With faults and budgets under other names. */
  Described renamed(Map<String, String> names) {
    return new Described(name, facets.renamed(names), rungs, place, headline);
  }

  /** Equal if and only if the two mean the same, whatever they are called. */
  String meaning() {
    StringBuilder text = new StringBuilder(facets.text());
    for (Policy.Rung rung : rungs) {
      for (Policy.Step step : rung.steps()) {
        text.append("step ").append(Facets.of(step).text());
      }
      text.append("end of rung\n");
    }
    return text.toString();
  }

  private static Optional<String> place(Record item) {
    for (RecordComponent component : item.getClass().getRecordComponents()) {
      if (component.getType() == Span.class) {
        Span span = (Span) Words.read(item, component);
        return Optional.of(span.file().name() + ":" + span.line());
      }
    }
    return Optional.empty();
  }

  /** What the item is, on one line. */
  private static String headline(Facets facets, List<Policy.Rung> rungs) {
    StringBuilder text = new StringBuilder();
    facets
        .lines()
        .forEach(
            (word, facet) ->
                text.append(text.isEmpty() ? "" : ", ")
                    .append(word)
                    .append(' ')
                    .append(facet.text()));
    for (int i = 0; i < rungs.size(); i++) {
      text.append(i == 0 ? ", try { " : " or else { ")
          .append(Ladders.text(rungs.get(i)))
          .append(" }");
    }
    return text.toString();
  }
}
