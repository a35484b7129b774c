package dev.heal.engine.fact.log;

import java.util.LinkedHashMap;
import java.util.Map;

/** Counts alarming lines that nothing knows by their shape: numbers and addresses become #. */
public final class UnknownLines {
  private static final int MOST_SHAPES = 1_000;
  private static final int LONGEST = 200;

  private final Map<String, Long> shapes = new LinkedHashMap<>();
  private long further;

  void add(String message) {
    String shape = shape(message);
    if (shapes.containsKey(shape) || shapes.size() < MOST_SHAPES) {
      shapes.merge(shape, 1L, Long::sum);
    } else {
      further++;
    }
  }

  /** Shapes with their counts, in the order of their first line. */
  public Map<String, Long> shapes() {
    return java.util.Collections.unmodifiableMap(shapes);
  }

  /** Lines of further shapes, past the first 1,000. */
  public long further() {
    return further;
  }

  /** A word with a digit becomes {@code #}. */
  private static String shape(String message) {
    String text = message.length() > LONGEST ? message.substring(0, LONGEST) : message;
    StringBuilder shape = new StringBuilder(text.length());
    int i = 0;
    while (i < text.length()) {
      int from = i;
      boolean digit = false;
      while (i < text.length() && Character.isLetterOrDigit(text.charAt(i))) {
        digit |= Character.isDigit(text.charAt(i));
        i++;
      }
      if (i == from) {
        shape.append(text.charAt(i++));
      } else {
        shape.append(digit ? "#" : text.substring(from, i));
      }
    }
    return shape.toString();
  }
}
