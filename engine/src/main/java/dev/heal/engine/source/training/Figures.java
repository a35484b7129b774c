package dev.heal.engine.source.training;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * The figures of one step of a training run.
 *
 * @param values by name; infinite ones and {@code NaN} are values, too
 */
public record Figures(Map<String, Double> values) {
  public Figures {
    values = Collections.unmodifiableMap(new TreeMap<>(values));
  }
}
