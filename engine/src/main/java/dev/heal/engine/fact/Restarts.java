package dev.heal.engine.fact;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Which boot and which driver load each host is in. An event {@code boot} or {@code driver_loaded}
 * with a new {@code id}, or without any, begins another.
 */
final class Restarts {
  private static final String BOOT = "boot";
  private static final String DRIVER = "driver_loaded";

  private final Map<EntityId, String> lastBoot = new HashMap<>();
  private final Map<EntityId, String> lastDriver = new HashMap<>();

  Restarts copy() {
    return of(kept());
  }

  /** What is known of each host, by name. */
  record Kept(Map<EntityId, String> boots, Map<EntityId, String> drivers) {
    Kept {
      boots = Map.copyOf(boots);
      drivers = Map.copyOf(drivers);
    }
  }

  Kept kept() {
    return new Kept(lastBoot, lastDriver);
  }

  static Restarts of(Kept kept) {
    Restarts restarts = new Restarts();
    restarts.lastBoot.putAll(kept.boots());
    restarts.lastDriver.putAll(kept.drivers());
    return restarts;
  }

  /** Empty where the event begins nothing new. */
  Optional<FactChange> heard(Fact.Event event, long now) {
    boolean boot = event.signal().equals(BOOT);
    if (!boot && !event.signal().equals(DRIVER)) {
      return Optional.empty();
    }
    String id = event.fields().getOrDefault("id", "");
    String last = (boot ? lastBoot : lastDriver).put(event.entity(), id);
    if (!id.isEmpty() && id.equals(last)) {
      return Optional.empty();
    }
    String what = boot ? " has booted since" : " has loaded its driver anew since";
    return Optional.of(
        new FactChange.EventsVoided(now, event.entity(), !boot, event.entity() + what));
  }
}
