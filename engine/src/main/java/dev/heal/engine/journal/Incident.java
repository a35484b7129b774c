package dev.heal.engine.journal;

import dev.heal.engine.fact.FaultInstance;
import java.util.Objects;
import java.util.OptionalLong;

/**
 * One spell of a raised fault.
 *
 * @param until when the fault cleared; empty while it stands
 */
public record Incident(
    long number, FaultInstance instance, long since, OptionalLong until, IncidentState state) {
  public Incident {
    Objects.requireNonNull(instance);
    Objects.requireNonNull(state);
  }
}
