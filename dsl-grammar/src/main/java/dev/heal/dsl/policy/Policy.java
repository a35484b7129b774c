package dev.heal.dsl.policy;

import dev.heal.dsl.text.Span;
import dev.heal.dsl.tree.Value;
import dev.heal.dsl.vocabulary.EntityKind;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which fault calls for which repair.
 *
 * @param name qualified by the import's alias
 * @param faults qualified names, all on {@code entity}
 * @param within latency tolerance, from raised to the last step of the rung done; empty: none
 * @param priority 0..100, the higher wins
 * @param expires what has not begun by then is void
 * @param giveUp acts done once when no rung is left; often one {@code page}
 * @param order of declaration over all files, the last tie-break
 */
public record Policy(
    String name,
    EntityKind entity,
    List<String> faults,
    Optional<Condition> where,
    Optional<Duration> within,
    int priority,
    Optional<Cooldown> cooldown,
    Optional<Attempts> attempts,
    List<String> budgets,
    Mode mode,
    Optional<Duration> soak,
    Duration expires,
    Optional<StartWhen> startWhen,
    List<Rung> rungs,
    List<Act> giveUp,
    int order,
    Span span) {
  public Policy {
    faults = List.copyOf(faults);
    budgets = List.copyOf(budgets);
    rungs = List.copyOf(rungs);
    giveUp = List.copyOf(giveUp);
    if (priority < 0 || priority > 100) {
      throw new IllegalArgumentException("priority " + priority);
    }
  }

  /** The same policy in another mode. */
  public Policy in(Mode other) {
    return new Policy(
        name, entity, faults, where, within, priority, cooldown, attempts, budgets, other, soak,
        expires, startWhen, rungs, giveUp, order, span);
  }

  /** A canonical text of all that it says; equal for two that differ only in where they stand. */
  public String meaning() {
    return Sense.of(this);
  }

  /** How far a policy may go. */
  public enum Mode {
    OBSERVE,
    APPROVE,
    ENFORCE
  }

  /**
   * No second ladder on the same entity of kind {@code per} within {@code span} of the last end.
   */
  public record Cooldown(Duration span, EntityKind per) {}

  /** At most {@code count} ladders per instance in any {@code over}. */
  public record Attempts(int count, Duration over) {}

  /**
   * The steps marked {@code waits} begin when {@code condition} holds, or after {@code atLatest}.
   */
  public record StartWhen(Condition condition, Optional<Duration> atLatest) {}

  /** {@code try … then …}: steps that run one after the other. */
  public record Rung(List<Step> steps, Span span) {
    public Rung {
      steps = List.copyOf(steps);
      if (steps.isEmpty()) {
        throw new IllegalArgumentException("a rung has at least one step");
      }
    }
  }

  /**
   * An act, its estimate, and the proof that it helped.
   *
   * @param takes how long the act usually lasts, without the confirmation
   * @param learned whether the observed p95 may replace {@code takes}
   * @param timeout of the confirmation, counted from done
   */
  public record Step(
      Act act,
      Duration takes,
      boolean learned,
      Condition confirm,
      Duration timeout,
      Optional<Repeat> repeat,
      Span span) {}

  /**
   * {@code repeat 2 backoff 15s..2m}: so many further tries, the pause doubling between the two.
   */
  public record Repeat(int times, Duration backoffFrom, Duration backoffTo) {}

  /**
   * A verb on a kind of target.
   *
   * @param target {@code gpu}; empty for {@code page} and site actions without one
   * @param object what {@code page} and actions name: the pager
   * @param waits whether it waits for {@code start when}
   * @param settings the words of the block with their values, checked: names of {@code let} are
   *     resolved, and a quantity but a time has one part, in the base unit of its dimension
   * @param undoAfter when a reversible act is undone; empty: when the fault clears
   * @param undoOnReset undone by a reset of the entity only
   */
  public record Act(
      String verb,
      Optional<EntityKind> target,
      Optional<String> object,
      boolean waits,
      Map<String, List<Value>> settings,
      boolean reversible,
      boolean destructive,
      Optional<Duration> undoAfter,
      boolean undoOnReset,
      Span span) {
    public Act {
      settings = Map.copyOf(settings);
    }

    /** A canonical text of all that it says; equal for two that differ only in where they stand. */
    public String meaning() {
      return Sense.of(this);
    }
  }
}
