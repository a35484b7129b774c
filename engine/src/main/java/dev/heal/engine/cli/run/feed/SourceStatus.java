package dev.heal.engine.cli.run.feed;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * How a source is.
 *
 * @param source {@code metrics of service:n1/llm}
 * @param trouble why nothing is heard of it now; empty where it is well
 * @param counts since the start, by what was counted: {@code failed}, {@code malformed}
 */
public record SourceStatus(String source, Optional<String> trouble, Map<String, Long> counts) {
  public SourceStatus {
    counts = java.util.Collections.unmodifiableMap(new TreeMap<>(counts));
  }
}
