package dev.heal.engine.journal.store;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Values of enums, and lists, as the columns hold them. */
final class Words {
  private Words() {}

  /** {@code gave_up}. */
  static String of(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  /** One a line; the words themselves have no line feed. */
  static String of(Collection<?> values) {
    return values.stream().map(Object::toString).collect(Collectors.joining("\n"));
  }

  /** What {@link #of(Collection)} was made of. */
  static List<String> list(String text) {
    return text.isEmpty() ? List.of() : List.of(text.split("\n", -1));
  }

  /** The value of a word that {@link #of} made. */
  static <E extends Enum<E>> E value(Class<E> type, String word) {
    return Enum.valueOf(type, word.toUpperCase(Locale.ROOT));
  }
}
