package dev.heal.dsl.tree;

import dev.heal.dsl.text.Span;
import java.util.List;

/**
 * A name as written: one part ({@code hot}) or several joined by dots ({@code nvml.temperature},
 * {@code nv.cool_down}).
 */
public record Name(List<String> parts, Span span) {
  public Name {
    parts = List.copyOf(parts);
    if (parts.isEmpty()) {
      throw new IllegalArgumentException("a name has at least one part");
    }
  }

  public String text() {
    return String.join(".", parts);
  }

  public boolean isSimple() {
    return parts.size() == 1;
  }

  public boolean is(String word) {
    return isSimple() && parts.get(0).equals(word);
  }
}
