package dev.heal.engine.actuate;

import dev.heal.engine.fact.EntityId;
import dev.heal.engine.schedule.Outcome;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Keeps the services that the engine starts itself ({@code run […]}). */
public interface Supervisor {
  /**
   * Stops the service, all its processes, and starts it again. Comes back when the new process
   * runs, or it is known why not; whether it is healthy is not waited for. Never called twice at
   * the same time for one service.
   *
   * @return REFUSED where it does not keep this service, FAILED where the new process did not start
   * @throws InterruptedException where the order was given up: the service is then in whatever
   *     state it is, and the outcome unknown
   */
  Outcome restart(Restart request) throws InterruptedException;

  /**
   * How to restart.
   *
   * @param environment on top of what the site declares, kept for all later restarts until another
   *     one is given; empty: as it was last given
   * @param grace between the polite and the last signal; zero: the last one at once
   * @param skipPoison what killed the process before is not handed to the new one
   */
  record Restart(
      EntityId service,
      Optional<Map<String, String>> environment,
      Duration grace,
      Start start,
      boolean skipPoison) {
    public Restart {
      environment = environment.map(Map::copyOf);
    }
  }

  /** What it starts from. */
  enum Start {
    /** As the site says. */
    AS_DECLARED,
    /** With nothing of what it knew. */
    FRESH,
    FROM_SNAPSHOT
  }
}
