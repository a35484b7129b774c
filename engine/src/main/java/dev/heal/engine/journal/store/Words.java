package dev.heal.engine.journal.store;

import java.util.Locale;

/** Values of enums as the columns hold them. */
final class Words {
  private Words() {}

  /** {@code gave_up}. */
  static String of(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  /** The value of a word that {@link #of} made. */
  static <E extends Enum<E>> E value(Class<E> type, String word) {
    return Enum.valueOf(type, word.toUpperCase(Locale.ROOT));
  }
}
