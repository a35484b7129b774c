package dev.heal.bench.stream;

import dev.heal.dsl.check.CheckResult;
import dev.heal.dsl.check.Checker;
import dev.heal.dsl.check.ImportResolver;
import dev.heal.dsl.policy.CheckedPolicy;
import dev.heal.dsl.text.SourceFile;
import java.util.List;
import java.util.stream.Collectors;

/** The rules as a `.heal` file: a fault and a policy each, with the machines of the streams. */
public final class PolicyText {
  private PolicyText() {}

  /** The text of a file. The policies observe: they decide, and touch nothing. */
  public static String of(List<ThresholdRule> rules) {
    StringBuilder text = new StringBuilder("heal 1\n");
    for (ThresholdRule rule : rules) {
      String fault = "f_" + rule.policy();
      text.append("fault ").append(fault).append(" on gpu {\n  when ").append(rule.when());
      text.append("\n  clear when ").append(rule.clears()).append("\n  missing freeze\n}\n");
      text.append("policy ").append(rule.policy()).append(" {\n  on ").append(fault);
      text.append(", within 2m, priority 50, mode observe\n");
      text.append("  try { throttle gpu { power 300W }, takes 1s, confirm ");
      text.append(rule.clears()).append(", timeout 10m }\n  give up { page ops }\n}\n");
    }
    text.append("pager ops { webhook \"https://example.org/page\" }\nnode n1 {\n");
    for (int gpu = 0; gpu < SampleStream.GPUS; gpu++) {
      text.append("  gpu ").append(gpu).append("\n");
    }
    return text.append("}\n").toString();
  }

  /**
   * The text through the real checker.
   *
   * @throws IllegalStateException with the checker's messages, where it finds an error
   */
  public static CheckedPolicy checked(String text) {
    CheckResult result =
        Checker.check(List.of(new SourceFile("bench.heal", text)), ImportResolver.NONE);
    return result
        .policy()
        .orElseThrow(
            () ->
                new IllegalStateException(
                    result.diagnostics().stream()
                        .filter(d -> d.isError())
                        .map(Object::toString)
                        .collect(Collectors.joining("\n"))));
  }
}
