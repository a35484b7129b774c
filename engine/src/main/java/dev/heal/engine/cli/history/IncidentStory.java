package dev.heal.engine.cli.history;

import dev.heal.engine.journal.Incident;
import dev.heal.engine.journal.StoredEntry;
import dev.heal.engine.journal.StoredOrder;
import dev.heal.engine.record.Entry;
import java.util.List;

/** An incident with all that the journal knows of it. */
public record IncidentStory(
    Incident incident, List<StoredEntry> entries, List<StoredOrder> orders) {
  public IncidentStory {
    entries = List.copyOf(entries);
    orders = List.copyOf(orders);
  }

  /** What happened: from the fault to its end. */
  List<StoredEntry> happened() {
    return entries.stream().filter(stored -> !isRefusal(stored.noted().entry())).toList();
  }

  /** What did not happen, and why not. */
  List<StoredEntry> notDone() {
    return entries.stream().filter(stored -> isRefusal(stored.noted().entry())).toList();
  }

  private static boolean isRefusal(Entry entry) {
    return switch (entry.type()) {
      case SUPPRESSED, HELD, PASSED_OVER, EXPIRED, BREAKER_TRIPPED -> true;
      case DECISION -> entry.outcome().filter(outcome -> !outcome.equals("act")).isPresent();
      case FAULT_RAISED,
          FAULT_CLEARED,
          FAULT_REPEATED,
          ACTION_STARTED,
          ACTION_DONE,
          ACTION_FAILED,
          CONFIRMED,
          RUNG_FAILED,
          DEADLINE_MISSED,
          GAVE_UP,
          REVERTED,
          RELOADED,
          RELOAD_FAILED,
          TUNED,
          TRIAL_OVER,
          ENDED,
          COMMANDED ->
          false;
    };
  }
}
