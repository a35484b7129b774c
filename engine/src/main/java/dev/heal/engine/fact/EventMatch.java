package dev.heal.engine.fact;

import dev.heal.dsl.policy.EventTest;
import dev.heal.dsl.tree.ComparisonOperator;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;

/** Tests on the fields of one event. A field that is missing fails its test. */
final class EventMatch {
  private EventMatch() {}

  static boolean all(List<EventTest> tests, Fact.Event event) {
    for (EventTest test : tests) {
      if (!holds(test, event)) {
        return false;
      }
    }
    return true;
  }

  private static boolean holds(EventTest test, Fact.Event event) {
    String text = event.fields().get(test.field());
    if (text == null) {
      return false;
    }
    if (test instanceof EventTest.NumberIs is) {
      OptionalDouble number = number(text);
      return number.isPresent() && compare(number.getAsDouble(), is.operator(), is.bound());
    }
    if (test instanceof EventTest.NumberIn in) {
      OptionalDouble number = number(text);
      return number.isPresent() && in.values().contains(number.getAsDouble()) != in.negated();
    }
    if (test instanceof EventTest.WordIn in) {
      return in.words().contains(text) != in.negated();
    }
    if (test instanceof EventTest.Matches matches) {
      return matches.pattern().matcher(text).find();
    }
    throw new IllegalStateException("a new kind of test: " + test);
  }

  private static OptionalDouble number(String text) {
    try {
      return OptionalDouble.of(Double.parseDouble(text));
    } catch (NumberFormatException notANumber) {
      return OptionalDouble.empty();
    }
  }

  /** IEEE comparison: nothing is true of NaN but {@code !=}. */
  static boolean compare(double left, ComparisonOperator operator, double right) {
    return switch (operator) {
      case EQUAL -> left == right;
      case NOT_EQUAL -> left != right;
      case LESS -> left < right;
      case AT_MOST -> left <= right;
      case GREATER -> left > right;
      case AT_LEAST -> left >= right;
    };
  }

  /** The named groups of the patterns that matched. */
  static Map<String, String> captures(
      List<EventTest> tests, Fact.Event event, List<String> wanted) {
    Map<String, String> found = new TreeMap<>();
    for (EventTest test : tests) {
      if (test instanceof EventTest.Matches matches) {
        String text = event.fields().getOrDefault(test.field(), "");
        var matcher = matches.pattern().matcher(text);
        if (matcher.find()) {
          for (String name : wanted) {
            if (matches.pattern().namedGroups().containsKey(name)) {
              String group = matcher.group(name);
              if (group != null) {
                found.put(name, group);
              }
            }
          }
        }
      }
    }
    return found;
  }
}
