package dev.heal.dsl.policy;

import com.google.re2j.Pattern;
import dev.heal.dsl.tree.ComparisonOperator;
import java.util.Set;

/** A test on a field of one event. The field of the code of an event is {@code code}. */
public sealed interface EventTest {
  String field();

  String meaning();

  /** A numeric field against a bound. */
  record NumberIs(String field, ComparisonOperator operator, double bound) implements EventTest {
    @Override
    public String meaning() {
      return " " + field + operator.sign() + bound;
    }
  }

  /** A numeric field in a set, or not in it. */
  record NumberIn(String field, Set<Double> values, boolean negated) implements EventTest {
    public NumberIn {
      values = Set.copyOf(values);
    }

    @Override
    public String meaning() {
      return " " + field + (negated ? " not in " : " in ") + new java.util.TreeSet<>(values);
    }
  }

  /** A text field in a set ({@code ==}, {@code in}), or not in it ({@code !=}). */
  record WordIn(String field, Set<String> words, boolean negated) implements EventTest {
    public WordIn {
      words = Set.copyOf(words);
    }

    @Override
    public String meaning() {
      return " "
          + field
          + (negated ? " not in " : " in ")
          + Meaning.quoted(new java.util.TreeSet<>(words));
    }
  }

  /** The pattern is found in a text field, anywhere in it. */
  record Matches(String field, Pattern pattern) implements EventTest {
    @Override
    public String meaning() {
      return " " + field + " matches " + Meaning.quote(pattern.pattern());
    }
  }
}
