package dev.heal.engine.source.probe;

import java.util.Map;

/**
 * A value of a metric, as it was exposed.
 *
 * @param value may be infinite or not a number
 */
public record MetricSample(String name, Map<String, String> labels, double value) {
  public MetricSample {
    labels = Map.copyOf(labels);
  }
}
