package dev.heal.dsl.vocabulary;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * A signal of one kind of entity.
 *
 * @param name as in facts and policies, without the entity: {@code nvml.temperature}
 * @param dimension of a number; {@link Dimension#NUMBER} otherwise
 * @param min smallest physical value, in the base unit; empty: no bound
 * @param max largest physical value, in the base unit; empty: no bound
 * @param words the words of a {@link SignalKind#WORD} signal, or the fields of an event; empty: any
 * @param interval how often it is heard where neither site nor test says otherwise; empty for
 *     events and attributes
 * @param numericCode whether an event has a code that a bare comparison tests ({@code xid == 79})
 * @param doc one sentence for hover and reference
 */
public record Signal(
    String name,
    EntityKind entity,
    SignalKind kind,
    Dimension dimension,
    OptionalDouble min,
    OptionalDouble max,
    Set<String> words,
    Optional<Duration> interval,
    boolean numericCode,
    String doc) {
  public Signal {
    words = Set.copyOf(words);
  }

  @Override
  public String toString() {
    return entity.word() + "." + name;
  }
}
