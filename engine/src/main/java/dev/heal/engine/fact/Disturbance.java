package dev.heal.engine.fact;

/**
 * What our own orders do to an entity now. An exit, a silence or an unhealthy spell that they cause
 * raises nothing.
 */
public enum Disturbance {
  NONE,
  /** It was stopped and comes back: a silence or an unhealthy spell is ours, an exit is not. */
  UNSETTLED,
  /** It is being stopped: an exit is ours too. */
  STOPPED
}
