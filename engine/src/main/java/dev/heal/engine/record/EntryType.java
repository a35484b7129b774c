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
  RELOAD_FAILED,
  /** A tune has another value than its file gives it, or that is over. */
  TUNED,
  /** The time is over in which a policy was to show what it would do. */
  TRIAL_OVER;

  /** {@code fault_raised}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
