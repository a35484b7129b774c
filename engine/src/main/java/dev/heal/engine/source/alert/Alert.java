package dev.heal.engine.source.alert;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * One alert of a notification.
 *
 * @param status {@code firing} or {@code resolved}
 */
public record Alert(String status, Map<String, String> labels, Map<String, String> annotations) {
  public Alert {
    labels = Collections.unmodifiableMap(new TreeMap<>(labels));
    annotations = Collections.unmodifiableMap(new TreeMap<>(annotations));
  }

  /** Its {@code alertname}; empty where it has none. */
  public String name() {
    return labels.getOrDefault("alertname", "");
  }
}
