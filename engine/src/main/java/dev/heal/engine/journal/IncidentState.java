package dev.heal.engine.journal;

import java.util.Locale;

/** How the repair of an incident stands. */
public enum IncidentState {
  OPEN,
  REPAIRED,
  /** No rung is left. */
  GAVE_UP,
  /** Its repair was skipped, expired or called off; the fault stands. */
  VOID,
  /** The fault went away without a repair that was confirmed. */
  CLEARED;

  /** {@code gave_up}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
