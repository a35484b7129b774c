package dev.heal.engine.source.alert;

import java.util.List;

/**
 * What an Alertmanager tells at once: the alerts of a group, also those that it had told before.
 *
 * @param truncated how many more there were that it left out ({@code max_alerts} of its receiver)
 */
public record Notification(List<Alert> alerts, long truncated) {
  public Notification {
    alerts = List.copyOf(alerts);
  }
}
