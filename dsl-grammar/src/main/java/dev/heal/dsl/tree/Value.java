package dev.heal.dsl.tree;

import dev.heal.dsl.text.Span;
import java.math.BigDecimal;
import java.util.List;

/** A value as written; what it means is the checker's to say. */
public sealed interface Value {
  Span span();

  /**
   * A number with its unit, {@code 88C}, {@code 95%}, {@code -5}, {@code 1h30m}, or a bare number.
   */
  record Quantity(List<Part> parts, Span span) implements Value {
    public Quantity {
      parts = List.copyOf(parts);
      if (parts.isEmpty()) {
        throw new IllegalArgumentException("a quantity has at least one part");
      }
    }

    /**
     * One number and its unit; several only in durations such as {@code 1h30m}.
     *
     * @param unit as written; empty for a bare number
     */
    public record Part(BigDecimal number, String unit) {}
  }

  /** A string, its escapes resolved. */
  record Text(String text, Span span) implements Value {}

  /** A pattern between back quotes, nothing escaped. */
  record Pattern(String text, Span span) implements Value {}

  /** {@code 15s..2m}, {@code 0..3}. */
  record Range(Quantity from, Quantity to, Span span) implements Value {}

  /** {@code [a, b]}. */
  record ListOf(List<Value> items, Span span) implements Value {
    public ListOf {
      items = List.copyOf(items);
    }
  }

  /** A word or a dotted name. */
  record Word(Name name) implements Value {
    @Override
    public Span span() {
      return name.span();
    }
  }

  /** A sign of comparison inside a setting (only {@code =} free places such as tests use it). */
  record Comparison(ComparisonOperator operator, Span span) implements Value {}
}
