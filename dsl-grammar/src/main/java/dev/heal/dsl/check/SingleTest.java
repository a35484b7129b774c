package dev.heal.dsl.check;

import dev.heal.dsl.policy.Condition;
import dev.heal.dsl.policy.EventTest;
import dev.heal.dsl.policy.NumberSource;
import dev.heal.dsl.policy.Reading;
import dev.heal.dsl.tree.ComparisonOperator;
import dev.heal.dsl.vocabulary.EntityKind;
import dev.heal.dsl.vocabulary.Signal;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * One test of a condition on one thing.
 *
 * @param subject the thing: tests with the same subject speak of the same value
 * @param physical what the value can be at all
 * @param lets what the test lets through
 * @param words the test, as an operator would write it
 */
record SingleTest(String subject, Leftover physical, Leftover lets, String words) {

  /** Which event it is; of two events never more than one happens in one moment. */
  private static final String MOMENT = "the event of this moment";

  private static final Leftover TRUE = Leftover.in(Set.of("yes"));
  private static final Leftover FALSE = Leftover.in(Set.of("no"));

  /**
   * The tests that a single condition makes; none for what is not understood.
   *
   * @param holds false where the condition stands behind a {@code not}
   */
  static List<SingleTest> of(Condition condition, boolean holds) {
    if (condition instanceof Condition.NumberTest test) {
      return number(test, holds);
    }
    if (condition instanceof Condition.NumberIn in && isOne(in.reading())) {
      Set<String> values = Leftover.texts(in.values());
      return List.of(
          new SingleTest(
              in.reading().signal().toString(),
              range(in.reading().signal()),
              holds ? Leftover.in(values) : Leftover.notIn(values),
              ConditionWords.of(condition, holds)));
    }
    if (condition instanceof Condition.WordTest test && isOne(test.reading()) && !test.contains()) {
      return List.of(word(test, holds));
    }
    if (condition instanceof Condition.Silent silent && isOne(silent.reading())) {
      return List.of(silence(silent, holds));
    }
    if (condition instanceof Condition.Happens event) {
      return holds ? event(event) : List.of();
    }
    boolean truth =
        (condition instanceof Condition.FlagTest flag && isOne(flag.reading()))
            || (condition instanceof Condition.NanTest nan && isOne(nan.reading()))
            || (condition instanceof Condition.WordTest word && isOne(word.reading()))
            || (condition instanceof Condition.WordMatches match && isOne(match.reading()))
            || condition instanceof Condition.CheckPasses;
    return truth
        ? List.of(
            new SingleTest(
                condition.meaning(),
                Leftover.ALL,
                holds ? TRUE : FALSE,
                ConditionWords.of(condition, holds)))
        : List.of();
  }

  /** Whether it reads one entity: a plural relation may fulfil two tests by two of its entities. */
  private static boolean isOne(Reading reading) {
    return reading.isOwn()
        || (reading.signal().entity() == EntityKind.NODE && reading.from() != EntityKind.JOB);
  }

  private static List<SingleTest> number(Condition.NumberTest test, boolean holds) {
    NumberSource source = test.source();
    Leftover physical = Leftover.ALL;
    boolean one = true;
    if (source instanceof NumberSource.Latest latest) {
      one = isOne(latest.reading());
      physical = range(latest.reading().signal());
    } else if (source instanceof NumberSource.Window window) {
      one = isOne(window.reading());
      physical =
          switch (window.function()) {
            case AVG, MIN, MAX -> range(window.reading().signal());
            case INCREASE, RATE -> Leftover.between(Bounds.NOT_NEGATIVE);
          };
    } else if (source instanceof NumberSource.Count) {
      physical = Leftover.between(Bounds.NOT_NEGATIVE);
    } else if (source instanceof NumberSource.Ratio ratio) {
      one = isOne(ratio.reading());
    } else if (source instanceof NumberSource.Forecast forecast) {
      one = isOne(forecast.reading());
    }
    // without a physical range it may be NaN, of which neither a test nor its opposite is true
    if (!one || (!holds && physical.equals(Leftover.ALL))) {
      return List.of();
    }
    ComparisonOperator operator = holds ? test.operator() : test.operator().opposite();
    return List.of(
        new SingleTest(
            source.meaning(),
            physical,
            compared(operator, test.bound()),
            ConditionWords.of(test, holds)));
  }

  private static Leftover compared(ComparisonOperator operator, double bound) {
    return operator == ComparisonOperator.NOT_EQUAL
        ? Leftover.notIn(Leftover.texts(Set.of(bound)))
        : Leftover.between(Bounds.of(operator, bound));
  }

  private static Leftover range(Signal signal) {
    return signal.min().isEmpty() && signal.max().isEmpty()
        ? Leftover.ALL
        : Leftover.between(
            new Bounds(
                signal.min().orElse(Double.NEGATIVE_INFINITY),
                false,
                signal.max().orElse(Double.POSITIVE_INFINITY),
                false));
  }

  private static SingleTest word(Condition.WordTest test, boolean holds) {
    Signal signal = test.reading().signal();
    return new SingleTest(
        signal.toString(),
        signal.words().isEmpty() ? Leftover.ALL : Leftover.in(signal.words()),
        holds ? Leftover.in(test.words()) : Leftover.notIn(test.words()),
        ConditionWords.of(test, holds));
  }

  private static SingleTest silence(Condition.Silent silent, boolean holds) {
    String words = ConditionWords.of(silent, holds);
    if (silent.span().isEmpty()) {
      return new SingleTest(silent.meaning(), Leftover.ALL, holds ? TRUE : FALSE, words);
    }
    double seconds = silent.span().get().toMillis() / 1e3;
    ComparisonOperator operator = holds ? ComparisonOperator.AT_LEAST : ComparisonOperator.LESS;
    return new SingleTest(
        "the silence of " + silent.reading().signal(),
        Leftover.between(Bounds.NOT_NEGATIVE),
        Leftover.between(Bounds.of(operator, seconds)),
        words);
  }

  private static List<SingleTest> event(Condition.Happens event) {
    String words = ConditionWords.of(event, true);
    String name = event.reading().signal().toString();
    List<SingleTest> tests = new ArrayList<>();
    tests.add(new SingleTest(MOMENT, Leftover.ALL, Leftover.in(Set.of(name)), words));
    for (EventTest test : event.tests()) {
      Leftover lets = Leftover.ALL;
      if (test instanceof EventTest.NumberIs is) {
        lets = compared(is.operator(), is.bound());
      } else if (test instanceof EventTest.NumberIn in) {
        Set<String> values = Leftover.texts(in.values());
        lets = in.negated() ? Leftover.notIn(values) : Leftover.in(values);
      } else if (test instanceof EventTest.WordIn in) {
        lets = in.negated() ? Leftover.notIn(in.words()) : Leftover.in(in.words());
      }
      tests.add(
          new SingleTest(
              name + "." + test.field(), Leftover.ALL, lets, ConditionWords.of(event, test)));
    }
    return tests;
  }
}
