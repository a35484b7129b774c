package dev.heal.engine.fact.log;

import dev.heal.engine.source.log.LogLine;
import java.util.LinkedHashMap;
import java.util.Map;

/** Lines that say again what one just before has said. */
final class Echoes {
  private static final int NEAR_LINES = 10;
  private static final int MOST = 64;

  private final Map<String, Long> last = new LinkedHashMap<>();

  /** Whether the rule asks for it and the same event on the same device came a few lines before. */
  boolean isEcho(Rule rule, Finding found, LogLine line) {
    String key =
        line.host().orElse("")
            + ' '
            + found.event()
            + ' '
            + found.fields().getOrDefault("device", new LogEvent.FieldValue.Text(""));
    Long before = last.remove(key);
    last.put(key, line.number());
    if (last.size() > MOST) {
      last.remove(last.keySet().iterator().next());
    }
    return rule.traits().contains(Rule.Trait.ECHO)
        && before != null
        && line.number() - before <= NEAR_LINES;
  }
}
