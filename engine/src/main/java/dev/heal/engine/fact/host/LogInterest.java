package dev.heal.engine.fact.host;

import com.google.re2j.Pattern;
import dev.heal.dsl.policy.CheckedPolicy;
import dev.heal.dsl.policy.Condition;
import dev.heal.dsl.policy.EventTest;
import dev.heal.dsl.policy.NumberSource;
import dev.heal.dsl.vocabulary.EntityKind;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Whether a line is one that a policy waits for: then it must not be lost in a flood of others. May
 * be used by many threads.
 */
public final class LogInterest {
  private static final Set<String> LOGS = Set.of("log", "kernel");

  private final Map<String, Pattern> patterns = new LinkedHashMap<>();

  /**
   * @param kind of the entities whose lines these are
   */
  public LogInterest(CheckedPolicy policies, EntityKind kind) {
    SignalsInUse.each(policies, condition -> collect(condition, kind));
  }

  private void collect(Condition condition, EntityKind kind) {
    if (condition instanceof Condition.Happens happens
        && happens.reading().signal().entity() == kind
        && LOGS.contains(happens.reading().signal().name())) {
      for (EventTest test : happens.tests()) {
        if (test instanceof EventTest.Matches matches) {
          patterns.put(matches.pattern().pattern(), matches.pattern());
        }
      }
    } else if (condition instanceof Condition.NumberTest number
        && number.source() instanceof NumberSource.Count count) {
      collect(count.event(), kind);
    }
  }

  /** Whether some policy asks for such a line. */
  public boolean in(String line) {
    for (Pattern pattern : patterns.values()) {
      if (pattern.matcher(line).find()) {
        return true;
      }
    }
    return false;
  }
}
