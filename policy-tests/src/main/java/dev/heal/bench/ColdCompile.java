package dev.heal.bench;

import dev.heal.bench.stream.PolicyText;
import dev.heal.bench.stream.ThresholdRule;
import dev.heal.dsl.policy.CheckedPolicy;
import dev.heal.engine.rule.RuleSession;

/** Checks policies and builds their rules once, in a process of its own. */
public final class ColdCompile {
  private ColdCompile() {}

  /** Takes how many policies; prints the milliseconds of the check and of the build. */
  public static void main(String[] arguments) {
    String text = PolicyText.of(ThresholdRule.many(Integer.parseInt(arguments[0])));
    long start = System.nanoTime();
    CheckedPolicy policies = PolicyText.checked(text);
    long checked = System.nanoTime();
    new RuleSession.Rules(policies).open().close();
    long built = System.nanoTime();
    System.out.println(Report.text("%.1f %.1f", (checked - start) / 1e6, (built - checked) / 1e6));
  }
}
