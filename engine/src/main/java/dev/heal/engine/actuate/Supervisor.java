package dev.heal.engine.actuate;

import dev.heal.engine.fact.EntityId;
import dev.heal.engine.schedule.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Keeps the services that the engine starts itself ({@code run […]}). Never called twice at the
 * same time for one service.
 */
public interface Supervisor {
  /** Whether it keeps this service. */
  boolean keeps(EntityId service);

  /**
   * Its processes that run now, as far as they are in its process group; empty: it does not run.
   */
  List<Long> processes(EntityId service);

  /** Whether a process is of the service, or was left behind by it. */
  boolean owns(EntityId service, long pid);

  /**
   * Stops the service, all its processes. Comes back when they are gone; DONE also where it did not
   * run.
   *
   * @param grace between the polite and the last signal; zero: the last one at once
   * @throws InterruptedException where the order was given up
   */
  Outcome stop(EntityId service, Duration grace) throws InterruptedException;

  /**
   * Starts the service. Comes back when the new process runs, or it is known why not; whether it is
   * healthy is not waited for.
   *
   * @return FAILED where the new process did not start
   */
  Outcome start(Start start) throws InterruptedException;

  /**
   * How to start.
   *
   * @param environment on top of what the site declares, kept for all later starts until another
   *     one is given; empty: as it was last given
   * @param told of this start alone, on top of that
   */
  record Start(
      EntityId service, Optional<Map<String, String>> environment, Map<String, String> told) {
    public Start {
      environment = environment.map(Map::copyOf);
      told = Map.copyOf(told);
    }
  }
}
