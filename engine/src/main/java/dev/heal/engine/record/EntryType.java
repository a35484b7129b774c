package dev.heal.engine.record;

import java.util.Locale;

/** What an entry says happened. */
public enum EntryType {
  FAULT_RAISED,
  FAULT_CLEARED,
  FAULT_REPEATED,
  DECISION,
  SUPPRESSED,
  HELD,
  PASSED_OVER,
  ACTION_STARTED,
  ACTION_DONE,
  ACTION_FAILED,
  CONFIRMED,
  RUNG_FAILED,
  DEADLINE_MISSED,
  GAVE_UP,
  REVERTED,
  EXPIRED,
  ENDED,
  BREAKER_TRIPPED,
  /** An operator said something that was done. */
  COMMANDED,
  /** Other policies are in force. */
  RELOADED,
  /** Other policies were refused: those before stay in force. */
  RELOAD_FAILED;

  /** {@code fault_raised}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
