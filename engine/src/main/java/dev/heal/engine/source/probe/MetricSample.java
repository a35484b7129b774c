package dev.heal.engine.source.probe;

import java.util.Map;

/**
 * A value of a metric, as it was exposed.
 *
 * @param value may be infinite or not a number
 * @param additive whether the values of several label sets add up: a counter, or the sum or the
 *     count of a histogram or summary
 */
public record MetricSample(
    String name, Map<String, String> labels, double value, boolean additive) {
  public MetricSample {
    labels = Map.copyOf(labels);
  }

  /**
   * The name as a policy writes it: whatever is no letter, digit or {@code _} is a {@code _}, so
   * that {@code vllm:num_requests_running} is {@code vllm_num_requests_running}.
   */
  public static String plain(String name) {
    for (int i = 0; i < name.length(); i++) {
      if (!isPlain(name.charAt(i))) {
        return replaced(name, i);
      }
    }
    return name;
  }

  private static String replaced(String name, int from) {
    StringBuilder plain = new StringBuilder(name);
    for (int i = from; i < name.length(); i++) {
      if (!isPlain(name.charAt(i))) {
        plain.setCharAt(i, '_');
      }
    }
    return plain.toString();
  }

  private static boolean isPlain(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  }
}
