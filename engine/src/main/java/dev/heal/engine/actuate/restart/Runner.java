package dev.heal.engine.actuate.restart;

import dev.heal.engine.schedule.Outcome;
import java.util.Map;

/** What a service runs in: a child of the engine, a unit of systemd, a container. */
public interface Runner {
  /** Whether the service runs. */
  enum State {
    RUNS,
    ENDED,
    NOBODY_KNOWS
  }

  State state() throws InterruptedException;

  /** Stops it with all its processes; DONE also where it did not run. */
  Outcome stop() throws InterruptedException;

  /**
   * Starts it. Comes back when it runs, or it is known why not; whether it is healthy is not waited
   * for.
   *
   * @param told what it is told of this start, in its environment
   */
  Outcome start(Map<String, String> told) throws InterruptedException;

  /** Whether its environment can be told anything. */
  boolean canBeTold();

  /** Whether this process is the service's, or was left behind by it. */
  boolean owns(long pid) throws InterruptedException;
}
