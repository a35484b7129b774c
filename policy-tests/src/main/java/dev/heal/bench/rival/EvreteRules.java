package dev.heal.bench.rival;

import dev.heal.bench.stream.ThresholdRule;
import java.util.List;
import org.evrete.KnowledgeService;
import org.evrete.api.Knowledge;
import org.evrete.api.RhsContext;
import org.evrete.api.builders.RuleSetBuilder;

/**
 * Three Evrete rules for each threshold: it is held, for long enough or not yet; it was not; it is
 * over. The conditions are text, which Evrete compiles, and shares between rules.
 */
final class EvreteRules {
  static final String FIRINGS = "firings";

  private EvreteRules() {}

  static Knowledge knowledge(KnowledgeService service, List<ThresholdRule> rules) {
    RuleSetBuilder<Knowledge> builder =
        service.newKnowledge().addImport(Reading.class).addImport(Watch.class).builder();
    for (ThresholdRule rule : rules) {
      holds(builder, rule);
      ends(builder, rule.policy() + " falls back", rule, "$w.pending", rule.raise());
      ends(builder, rule.policy() + " ends", rule, "$w.fired", rule.clear());
    }
    return builder.build();
  }

  private static void holds(RuleSetBuilder<Knowledge> builder, ThresholdRule rule) {
    builder
        .newRule(rule.policy() + " holds")
        .forEach("$w", Watch.class, "$r", Reading.class)
        .where("$w.policy.equals(\"" + rule.policy() + "\")")
        .where("!$w.fired")
        .where("$r.signal.equals(\"" + rule.signal() + "\")")
        .where("$r.value >= " + rule.raise())
        .where("$w.entity.equals($r.entity)")
        .execute(match -> held(match, rule));
  }

  private static void held(RhsContext match, ThresholdRule rule) {
    Watch watch = match.get("$w");
    Reading reading = match.get("$r");
    boolean pending = watch.isPending();
    if (watch.heldFor(reading.getAt()) >= rule.held().toNanos()) {
      watch.fire();
      Firings firings = match.getRuntime().get(FIRINGS);
      firings.fired(watch.getPolicy(), watch.getEntity(), reading.getAt());
    } else if (pending) {
      return;
    }
    match.update(watch);
  }

  private static void ends(
      RuleSetBuilder<Knowledge> builder,
      String name,
      ThresholdRule rule,
      String state,
      double bound) {
    builder
        .newRule(name)
        .forEach("$w", Watch.class, "$r", Reading.class)
        .where("$w.policy.equals(\"" + rule.policy() + "\")")
        .where(state)
        .where("$r.signal.equals(\"" + rule.signal() + "\")")
        .where("$r.value < " + bound)
        .where("$w.entity.equals($r.entity)")
        .execute(
            match -> {
              Watch watch = match.get("$w");
              watch.rest();
              match.update(watch);
            });
  }
}
