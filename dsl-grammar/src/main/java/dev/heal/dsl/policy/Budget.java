package dev.heal.dsl.policy;

import dev.heal.dsl.text.Span;
import dev.heal.dsl.vocabulary.EntityKind;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * A blast radius: every limit must hold before a new repair starts.
 *
 * @param all whether it also holds for policies that do not name it, counted across them
 */
public record Budget(
    String name,
    boolean all,
    List<Limit> limits,
    List<Keep> keeps,
    Exceeded exceeded,
    Optional<String> pager,
    Span span) {
  public Budget {
    limits = List.copyOf(limits);
    keeps = List.copyOf(keeps);
  }

  /** What happens to a repair that does not fit. */
  public enum Exceeded {
    WAIT,
    SKIP
  }

  /**
   * At most so many distinct entities with a started ladder, or so many orders of a verb.
   *
   * @param count absolute; empty where {@code share} stands
   * @param share of all known entities, 0..1, rounded down, at least 1
   * @param subject the kind counted; empty where {@code verb} stands
   * @param verb counts orders of that verb instead
   * @param per one limit for each entity of a kind, or each value of an attribute ({@code rack})
   * @param window sliding; empty: at once
   */
  public record Limit(
      OptionalInt count,
      OptionalDouble share,
      OptionalInt atLeast,
      OptionalInt atMost,
      Optional<EntityKind> subject,
      Optional<String> verb,
      Optional<String> per,
      Optional<Duration> window,
      Span span) {}

  /** {@code keep 90% of nodes healthy}. */
  public record Keep(OptionalInt count, OptionalDouble share, EntityKind subject, Span span) {}
}
