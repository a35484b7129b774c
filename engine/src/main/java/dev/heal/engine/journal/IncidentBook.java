package dev.heal.engine.journal;

import dev.heal.engine.fact.FaultInstance;
import dev.heal.engine.record.Entry;
import dev.heal.engine.record.EntryType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Numbers incidents and follows them by their entries. A fault that is raised while its incident
 * stands, as after a restart of the engine, is the same incident. Not for several threads.
 */
public final class IncidentBook {
  /** So many incidents that are over are remembered for the entries that come behind. */
  private static final int MOST_OVER = 10_000;

  private final Map<FaultInstance, Incident> standing = new LinkedHashMap<>();
  private final Map<FaultInstance, Incident> over = new LinkedHashMap<>();
  private long last;

  /** Goes on where the journal ended. */
  public IncidentBook(Recovery recovery) {
    last = recovery.lastIncident();
    for (Incident incident : recovery.incidents()) {
      put(incident);
    }
  }

  /** The incident of a fault: the one that stands, else the one before. */
  public OptionalLong numberOf(FaultInstance instance) {
    Optional<Incident> known = known(instance);
    return known.isPresent() ? OptionalLong.of(known.get().number()) : OptionalLong.empty();
  }

  /**
   * The changes that an entry makes, in order.
   *
   * @param place {@code file:line} of its policy
   */
  public List<Change> changes(Entry entry, OptionalLong generation, Optional<String> place) {
    List<Change> changes = new ArrayList<>();
    OptionalLong number = OptionalLong.empty();
    if (entry.instance().isPresent()) {
      FaultInstance instance = entry.instance().get();
      if (entry.type() == EntryType.FAULT_RAISED && !standing.containsKey(instance)) {
        begin(instance, entry.at(), changes);
      }
      number = numberOf(instance);
      changes.add(new Change.Noted(entry, number, generation, place));
      known(instance).ifPresent(incident -> follow(incident, entry, changes));
    } else {
      changes.add(new Change.Noted(entry, number, generation, place));
    }
    return changes;
  }

  private void begin(FaultInstance instance, long at, List<Change> changes) {
    over.remove(instance);
    put(new Incident(++last, instance, at, OptionalLong.empty(), IncidentState.OPEN));
    changes.add(new Change.IncidentOpened(last, instance, at));
  }

  private void follow(Incident before, Entry entry, List<Change> changes) {
    OptionalLong until =
        entry.type() == EntryType.FAULT_CLEARED && before.until().isEmpty()
            ? OptionalLong.of(entry.at())
            : before.until();
    IncidentState state = state(before.state(), entry, until.isPresent());
    Incident after = new Incident(before.number(), before.instance(), before.since(), until, state);
    if (!after.equals(before)) {
      put(after);
      changes.add(new Change.IncidentMoved(after.number(), state, until));
    }
  }

  private static IncidentState state(IncidentState before, Entry entry, boolean clear) {
    return switch (entry.type()) {
      case GAVE_UP -> IncidentState.GAVE_UP;
      case FAULT_CLEARED ->
          before == IncidentState.OPEN || before == IncidentState.VOID
              ? IncidentState.CLEARED
              : before;
      case DECISION ->
          entry.outcome().filter("act"::equals).isPresent() ? IncidentState.OPEN : before;
      case ENDED -> ended(before, entry.because(), clear);
      case FAULT_RAISED,
          FAULT_REPEATED,
          SUPPRESSED,
          HELD,
          PASSED_OVER,
          ACTION_STARTED,
          ACTION_DONE,
          ACTION_FAILED,
          CONFIRMED,
          RUNG_FAILED,
          DEADLINE_MISSED,
          REVERTED,
          EXPIRED,
          BREAKER_TRIPPED,
          COMMANDED,
          RELOADED,
          RELOAD_FAILED,
          TUNED,
          TRIAL_OVER ->
          before;
    };
  }

  private static IncidentState ended(IncidentState before, String because, boolean clear) {
    if (because.equals(Entry.LAST_STEP_CONFIRMED)) {
      return IncidentState.REPAIRED;
    }
    if (before != IncidentState.OPEN) {
      return before;
    }
    return clear ? IncidentState.CLEARED : IncidentState.VOID;
  }

  private Optional<Incident> known(FaultInstance instance) {
    Optional<Incident> now = Optional.ofNullable(standing.get(instance));
    return now.isPresent() ? now : Optional.ofNullable(over.get(instance));
  }

  private void put(Incident incident) {
    if (incident.until().isEmpty()) {
      standing.put(incident.instance(), incident);
      return;
    }
    standing.remove(incident.instance());
    over.remove(incident.instance());
    over.put(incident.instance(), incident);
    if (over.size() > MOST_OVER) {
      over.remove(over.keySet().iterator().next());
    }
  }
}
