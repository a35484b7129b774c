package dev.heal.dsl.vocabulary;

import java.util.Locale;
import java.util.Optional;

/** The kinds of things that can be faulty or be acted on. */
public enum EntityKind {
  NODE,
  GPU,
  SERVICE,
  JOB;

  private final String word = name().toLowerCase(Locale.ROOT);

  /** {@code node}, {@code gpu}, {@code service}, {@code job}. */
  public String word() {
    return word;
  }

  /** {@code nodes}, {@code gpus}, … */
  public String plural() {
    return word() + "s";
  }

  public static Optional<EntityKind> of(String word) {
    for (EntityKind kind : values()) {
      if (kind.word().equals(word)) {
        return Optional.of(kind);
      }
    }
    return Optional.empty();
  }

  /** The kind for a singular or plural word. */
  public static Optional<EntityKind> ofAnyNumber(String word) {
    return of(word.endsWith("s") ? word.substring(0, word.length() - 1) : word);
  }
}
