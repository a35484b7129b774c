package dev.heal.engine.record;

import dev.heal.engine.fact.EntityId;
import dev.heal.engine.fact.FaultInstance;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * One step of a run, with its reason.
 *
 * @param at nanoseconds since the epoch
 * @param rung from 0
 * @param outcome {@code act}, {@code hold}, {@code outranked} or {@code observe}; for actions and
 *     confirmations a word such as {@code done} or {@code assumed}
 * @param because why, in the operator's words; never empty
 */
public record Entry(
    long at,
    EntryType type,
    Optional<FaultInstance> instance,
    Optional<String> policy,
    OptionalInt rung,
    Optional<String> verb,
    Optional<EntityId> target,
    OptionalLong deadline,
    Optional<String> outcome,
    String because) {
  /** Why a ladder ends whose repair is confirmed; any other end repaired nothing. */
  public static final String LAST_STEP_CONFIRMED = "its last step is confirmed";

  public Entry {
    Objects.requireNonNull(type);
    if (because.isBlank()) {
      throw new IllegalArgumentException("an entry of type " + type + " says why");
    }
  }

  /** An entry without policy, rung, verb or outcome. */
  public static Entry of(long at, EntryType type, FaultInstance instance, String because) {
    return new Entry(
        at,
        type,
        Optional.of(instance),
        Optional.empty(),
        OptionalInt.empty(),
        Optional.empty(),
        Optional.empty(),
        OptionalLong.empty(),
        Optional.empty(),
        because);
  }

  /** An entry about no instance. */
  public static Entry of(long at, EntryType type, String because) {
    return new Entry(
        at,
        type,
        Optional.empty(),
        Optional.empty(),
        OptionalInt.empty(),
        Optional.empty(),
        Optional.empty(),
        OptionalLong.empty(),
        Optional.empty(),
        because);
  }

  public Entry policy(String name) {
    return new Entry(
        at, type, instance, Optional.of(name), rung, verb, target, deadline, outcome, because);
  }

  public Entry rung(int index) {
    return new Entry(
        at,
        type,
        instance,
        policy,
        OptionalInt.of(index),
        verb,
        target,
        deadline,
        outcome,
        because);
  }

  public Entry act(String word, Optional<EntityId> on) {
    return new Entry(
        at, type, instance, policy, rung, Optional.of(word), on, deadline, outcome, because);
  }

  public Entry deadline(OptionalLong when) {
    return new Entry(at, type, instance, policy, rung, verb, target, when, outcome, because);
  }

  public Entry outcome(String word) {
    return new Entry(
        at, type, instance, policy, rung, verb, target, deadline, Optional.of(word), because);
  }
}
