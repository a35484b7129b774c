package dev.heal.engine.fact;

/** How a host's heartbeat comes. */
public enum Pulse {
  /** None was heard since the engine started: perhaps it is we who are deaf. */
  NEVER_HEARD,
  ON_TIME,
  /** More than one and a half intervals ago. */
  LATE
}
