package dev.heal.dsl.vocabulary;

import java.util.Optional;

/**
 * What a verb does, by itself and every time, to a signal of its target.
 *
 * @param verb {@code cordon}
 * @param target the kind it acts on
 * @param signal the signal, on the target itself
 * @param change what becomes of the signal
 * @param word the word that a word signal then holds; empty for other signals
 */
public record Effect(
    String verb, EntityKind target, Signal signal, Change change, Optional<String> word) {

  /** What becomes of a signal. */
  public enum Change {
    /** The flag is on, or the word is held. */
    ON,
    /** The flag is off. */
    OFF,
    /** The number grows. */
    RISES,
    /** The number gets smaller. */
    FALLS,
    /** The event happens. */
    HAPPENS
  }
}
