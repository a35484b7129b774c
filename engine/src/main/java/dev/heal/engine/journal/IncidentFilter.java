package dev.heal.engine.journal;

import dev.heal.engine.fact.EntityId;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Which incidents somebody wants to see.
 *
 * @param fault qualified name
 * @param since those that stood at that time or later, nanoseconds since the epoch
 * @param standing only those whose fault stands
 * @param limit so many, the newest
 */
public record IncidentFilter(
    Optional<String> fault,
    Optional<EntityId> entity,
    OptionalLong since,
    boolean standing,
    int limit) {
  public IncidentFilter {
    if (limit < 1) {
      throw new IllegalArgumentException("a limit from 1 on: " + limit);
    }
  }

  /** The newest. */
  public static IncidentFilter newest(int limit) {
    return new IncidentFilter(
        Optional.empty(), Optional.empty(), OptionalLong.empty(), false, limit);
  }
}
