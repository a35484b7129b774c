package dev.heal.dsl.policy;

import dev.heal.dsl.vocabulary.EntityKind;
import dev.heal.dsl.vocabulary.Signal;
import java.util.Objects;

/**
 * A signal as a condition on an entity reads it: the entity's own, or that of its related entities
 * of {@code signal.entity()}.
 *
 * @param from the kind of entity on which the condition stands; where it equals the signal's, the
 *     entity itself is read
 */
public record Reading(EntityKind from, Signal signal) {
  public Reading {
    Objects.requireNonNull(from);
    Objects.requireNonNull(signal);
  }

  public boolean isOwn() {
    return from == signal.entity();
  }
}
