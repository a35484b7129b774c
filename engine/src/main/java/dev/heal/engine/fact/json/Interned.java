package dev.heal.engine.fact.json;

import java.util.Arrays;
import java.util.function.Function;

/**
 * Values by the text that names them, so that a stream which repeats a few names makes no text, and
 * no value, twice. Keeps no more than a bounded number of names; others are made anew each time.
 */
final class Interned<V> {
  private static final int MOST_NAMES = 1 << 16;
  private static final int FIRST_CAPACITY = 1 << 8;

  private static final class Known<V> {
    private final char[] name;
    private final V value;

    Known(char[] name, V value) {
      this.name = name;
      this.value = value;
    }

    boolean is(char[] text, int from, int length) {
      return name.length == length && Arrays.equals(name, 0, length, text, from, from + length);
    }
  }

  private final Function<String, V> make;
  private Known<V>[] table = table(FIRST_CAPACITY);
  private int size;

  /**
   * @param make the value of a name
   */
  Interned(Function<String, V> make) {
    this.make = make;
  }

  @SuppressWarnings({"unchecked", "rawtypes"}) // an array of a generic type cannot be made
  private static <V> Known<V>[] table(int capacity) {
    return new Known[capacity];
  }

  V get(char[] text, int from, int length) {
    int at = place(table, text, from, length);
    if (table[at] != null) {
      return table[at].value;
    }
    V made = make.apply(new String(text, from, length));
    if (size < MOST_NAMES) {
      table[at] = new Known<>(Arrays.copyOfRange(text, from, from + length), made);
      size++;
      if (size * 2 > table.length) {
        grow();
      }
    }
    return made;
  }

  private void grow() {
    Known<V>[] larger = table(table.length * 2);
    for (Known<V> known : table) {
      if (known != null) {
        larger[place(larger, known.name, 0, known.name.length)] = known;
      }
    }
    table = larger;
  }

  /** Where the name is, or where it would be put. */
  private static <V> int place(Known<V>[] table, char[] text, int from, int length) {
    int hash = 0;
    for (int i = from; i < from + length; i++) {
      hash = 31 * hash + text[i];
    }
    int at = (hash ^ hash >>> 16) & table.length - 1;
    while (table[at] != null && !table[at].is(text, from, length)) {
      at = at + 1 & table.length - 1;
    }
    return at;
  }
}
