package dev.heal.engine.actuate.restart;

import dev.heal.engine.schedule.Outcome;

/** The requests of a service, where they are kept outside of it. */
public interface Backlog {
  /** DONE where it can be reached. */
  Outcome look() throws InterruptedException;

  /** Takes back what was pending with the service, which does not run. */
  Outcome takeBack() throws InterruptedException;
}
