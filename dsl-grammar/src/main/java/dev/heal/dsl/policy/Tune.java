package dev.heal.dsl.policy;

import dev.heal.dsl.text.Span;
import dev.heal.dsl.vocabulary.Dimension;
import java.util.Optional;

/**
 * A number that may be set while an engine runs: {@code tune hot = 88C range 80C..92C "doc"}.
 *
 * @param name qualified by the import's alias
 * @param declared as the file says it: {@code 88C}
 * @param range as the file says it: {@code 80C..92C}
 * @param value in force, in the base unit
 * @param from the least that it may be, in the base unit
 * @param to the most
 */
public record Tune(
    String name,
    String declared,
    String range,
    Dimension dimension,
    double value,
    double from,
    double to,
    Optional<String> doc,
    Span span) {
  /** The value with a unit that a person would choose. */
  public String words() {
    return Wording.value(dimension, value);
  }
}
