package dev.heal.dsl.policy;

import dev.heal.dsl.text.Span;
import dev.heal.dsl.vocabulary.EntityKind;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What is wrong, and when it has stopped.
 *
 * @param name qualified by the import's alias: {@code nv.thermal}
 * @param event whether an event raises it; then it clears by repair, {@code cured}, {@code
 *     clearAfter} or hand
 * @param clear empty: clears when {@code when} no longer holds (faults of levels)
 * @param settle how long a child waits for a possible parent
 */
public record Fault(
    String name,
    EntityKind entity,
    String title,
    Condition when,
    boolean event,
    Optional<Condition> clear,
    Optional<Condition> cured,
    Optional<Duration> clearAfter,
    Missing missing,
    FaultSeverity severity,
    List<Suppression> suppresses,
    Duration settle,
    List<String> captures,
    Span span) {
  public Fault {
    suppresses = List.copyOf(suppresses);
    captures = List.copyOf(captures);
  }

  /** A canonical text of all that it says; equal for two that differ only in where they stand. */
  public String meaning() {
    return Sense.of(this);
  }

  /** What ends an instance that is raised: {@code clear when}, or {@code cured when}. */
  public Optional<Condition> end() {
    return event ? cured : clear;
  }

  /** What unknown does to an instance. */
  public enum Missing {
    FREEZE,
    RAISE,
    FORGET
  }

  /** How bad a fault is, for people and for load shedding. */
  public enum FaultSeverity {
    INFO,
    WARNING,
    ERROR,
    CRITICAL
  }

  /**
   * While this fault is raised and its repair is due, running or confirmed, the children on
   * entities with the same {@code relation} start no policies.
   *
   * @param children qualified fault names
   * @param relation the kind of the entity that both share; {@code same gpu}
   * @param within also for this long after it was raised, whatever its repair does
   */
  public record Suppression(
      List<String> children, EntityKind relation, Optional<Duration> within, Span span) {
    public Suppression {
      children = List.copyOf(children);
    }
  }
}
