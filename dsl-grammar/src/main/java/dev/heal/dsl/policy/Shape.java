package dev.heal.dsl.policy;

import dev.heal.dsl.tree.ComparisonOperator;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** A condition with all its numbers at nothing: what is left is what it asks, of what. */
final class Shape {
  private Shape() {}

  static Condition of(Condition condition) {
    if (condition instanceof Condition.All all) {
      return new Condition.All(of(all.parts()));
    }
    if (condition instanceof Condition.Any any) {
      return new Condition.Any(of(any.parts()));
    }
    if (condition instanceof Condition.Not not) {
      return new Condition.Not(of(not.part()));
    }
    if (condition instanceof Condition.Held held) {
      return new Condition.Held(of(held.part()), Duration.ZERO);
    }
    if (condition instanceof Condition.NumberTest test) {
      return new Condition.NumberTest(of(test.source()), test.operator(), 0);
    }
    if (condition instanceof Condition.NumberIn in) {
      return new Condition.NumberIn(in.reading(), Set.of());
    }
    if (condition instanceof Condition.Silent silent) {
      return new Condition.Silent(silent.reading(), silent.span().map(span -> Duration.ZERO));
    }
    if (condition instanceof Condition.Happens happens) {
      return of(happens);
    }
    if (condition instanceof Condition.NanTest
        || condition instanceof Condition.FlagTest
        || condition instanceof Condition.WordTest
        || condition instanceof Condition.WordMatches
        || condition instanceof Condition.CheckPasses) {
      return condition; // there is no number in it
    }
    throw new IllegalStateException("a new kind of condition: " + condition);
  }

  private static List<Condition> of(List<Condition> parts) {
    return parts.stream().map(Shape::of).toList();
  }

  private static Condition.Happens of(Condition.Happens happens) {
    return new Condition.Happens(
        happens.reading(), happens.tests().stream().map(Shape::of).toList());
  }

  /** One code, or one of several: the codes are numbers. */
  private static EventTest of(EventTest test) {
    if (test instanceof EventTest.NumberIs is) {
      return is.operator() == ComparisonOperator.EQUAL
          ? new EventTest.NumberIn(is.field(), Set.of(), false)
          : new EventTest.NumberIs(is.field(), is.operator(), 0);
    }
    if (test instanceof EventTest.NumberIn in) {
      return new EventTest.NumberIn(in.field(), Set.of(), in.negated());
    }
    return test;
  }

  private static NumberSource of(NumberSource source) {
    if (source instanceof NumberSource.Latest latest) {
      return latest;
    }
    if (source instanceof NumberSource.Window window) {
      return new NumberSource.Window(window.function(), window.reading(), Duration.ZERO);
    }
    if (source instanceof NumberSource.Count count) {
      return new NumberSource.Count(of(count.event()), Duration.ZERO);
    }
    if (source instanceof NumberSource.Ratio ratio) {
      return new NumberSource.Ratio(ratio.reading(), 0);
    }
    if (source instanceof NumberSource.Forecast forecast) {
      return new NumberSource.Forecast(forecast.reading(), Duration.ZERO);
    }
    throw new IllegalStateException("a new kind of source: " + source);
  }

  /** The spans over which the condition looks back, the longest of them; nothing for a level. */
  static Duration horizon(Condition condition) {
    Duration longest =
        condition.parts().stream().map(Shape::horizon).reduce(Duration.ZERO, Shape::longer);
    if (condition instanceof Condition.Held held) {
      return longest.plus(held.span()); // the part looks back from where it began to hold
    }
    if (condition instanceof Condition.Silent silent) {
      return longer(longest, silent.span().orElse(Duration.ZERO));
    }
    if (condition instanceof Condition.NumberTest test) {
      return longer(longest, horizon(test.source()));
    }
    return longest;
  }

  private static Duration horizon(NumberSource source) {
    if (source instanceof NumberSource.Window window) {
      return window.window();
    }
    if (source instanceof NumberSource.Count count) {
      return count.window();
    }
    if (source instanceof NumberSource.Forecast forecast) {
      return forecast.ahead();
    }
    return Duration.ZERO;
  }

  private static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) >= 0 ? one : other;
  }
}
