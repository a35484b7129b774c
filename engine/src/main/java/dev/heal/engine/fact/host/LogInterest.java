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

  private volatile List<Pattern> patterns = List.of();

  /** What the faults of these policies ask for. */
  public LogInterest(CheckedPolicy policies) {
    follow(policies);
  }

  /** From here on, what the faults of these ask for. */
  public void follow(CheckedPolicy policies) {
    List<Pattern> found = new ArrayList<>();
    policies.faults().stream().map(Fault::when).forEach(when -> look(when, found));
    patterns = List.copyOf(found);
  }

  private static void look(Condition condition, List<Pattern> patterns) {
    condition.parts().forEach(part -> look(part, patterns));
    if (condition instanceof Condition.Happens happens) {
      look(happens, patterns);
    } else if (condition instanceof Condition.NumberTest test
        && test.source() instanceof NumberSource.Count count) {
      look(count.event(), patterns);
    }
  }

  private static void look(Condition.Happens happens, List<Pattern> patterns) {
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
