package dev.heal.engine.fact.host;

import com.google.re2j.Pattern;
import dev.heal.dsl.policy.CheckedPolicy;
import dev.heal.dsl.policy.Condition;
import dev.heal.dsl.policy.EventTest;
import dev.heal.dsl.policy.Fault;
import dev.heal.dsl.policy.NumberSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Which lines of logs the policies ask for: a line that one of their patterns matches is no noise.
 * For any thread.
 */
public final class LogInterest {
  private static final Set<String> LINES = Set.of("log", "kernel");
  private static final Pattern ANY = Pattern.compile("");

  private final List<Pattern> patterns = new ArrayList<>();

  /** What the faults of these policies ask for. */
  public LogInterest(CheckedPolicy policies) {
    policies.faults().stream().map(Fault::when).forEach(this::look);
  }

  private void look(Condition condition) {
    condition.parts().forEach(this::look);
    if (condition instanceof Condition.Happens happens) {
      look(happens);
    } else if (condition instanceof Condition.NumberTest test
        && test.source() instanceof NumberSource.Count count) {
      look(count.event());
    }
  }

  private void look(Condition.Happens happens) {
    if (LINES.contains(happens.reading().signal().name())) {
      patterns.add(
          happens.tests().stream()
              .filter(EventTest.Matches.class::isInstance)
              .map(test -> ((EventTest.Matches) test).pattern())
              .findFirst()
              .orElse(ANY));
    }
  }

  /** Whether a policy may ask for the line. */
  public boolean in(String line) {
    for (Pattern pattern : patterns) {
      if (pattern.matcher(line).find()) {
        return true;
      }
    }
    return false;
  }
}
