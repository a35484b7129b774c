package dev.heal.dsl.check;

import dev.heal.dsl.policy.Condition;
import dev.heal.dsl.policy.EventTest;
import dev.heal.dsl.policy.NumberSource;
import dev.heal.dsl.policy.Reading;
import dev.heal.dsl.tree.ComparisonOperator;
import dev.heal.dsl.vocabulary.Dimension;
import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Duration;
import java.util.Collection;
import java.util.Locale;
import java.util.TreeSet;

/** Single tests of checked conditions, as an operator would write them. */
final class ConditionWords {
  private ConditionWords() {}

  /** The test, or with {@code holds} false its opposite. */
  static String of(Condition condition, boolean holds) {
    String not = holds ? "" : "not ";
    if (condition instanceof Condition.NumberTest test) {
      ComparisonOperator operator = holds ? test.operator() : test.operator().opposite();
      return source(test.source(), operator.sign() + " " + bound(test));
    }
    if (condition instanceof Condition.NumberIn in) {
      Dimension dimension = in.reading().signal().dimension();
      return not
          + name(in.reading())
          + " in ["
          + String.join(
              ", ", new TreeSet<>(in.values()).stream().map(v -> number(v, dimension)).toList())
          + "]";
    }
    if (condition instanceof Condition.WordTest test) {
      return test.contains()
          ? not + name(test.reading()) + " contains " + list(test.words())
          : words(name(test.reading()), test.words(), !holds);
    }
    if (condition instanceof Condition.WordMatches match) {
      return not + name(match.reading()) + " matches";
    }
    if (condition instanceof Condition.FlagTest flag) {
      return not + name(flag.reading());
    }
    if (condition instanceof Condition.NanTest nan) {
      return not + name(nan.reading()) + " is nan";
    }
    if (condition instanceof Condition.Silent silent) {
      String span = silent.span().map(s -> " for " + Durations.words(s)).orElse("");
      String state = holds || !span.isEmpty() ? " silent" : " alive";
      return (span.isEmpty() ? "" : not) + name(silent.reading()) + state + span;
    }
    if (condition instanceof Condition.Happens event) {
      return event.tests().isEmpty()
          ? name(event.reading())
          : String.join(" and ", event.tests().stream().map(test -> of(event, test)).toList());
    }
    if (condition instanceof Condition.CheckPasses check) {
      return not + "check " + check.check();
    }
    throw new IllegalArgumentException("not a single test: " + condition.meaning());
  }

  /** One test on an event. */
  static String of(Condition.Happens event, EventTest test) {
    String name = name(event.reading());
    String field = test.field().equals("code") ? name : name + "." + test.field();
    if (test instanceof EventTest.NumberIs is) {
      return field + " " + is.operator().sign() + " " + number(is.bound(), Dimension.NUMBER);
    }
    if (test instanceof EventTest.NumberIn in) {
      return (in.negated() ? "not " : "")
          + field
          + " in ["
          + String.join(
              ", ",
              new TreeSet<>(in.values()).stream().map(v -> number(v, Dimension.NUMBER)).toList())
          + "]";
    }
    if (test instanceof EventTest.WordIn in) {
      return words(field, in.words(), in.negated());
    }
    return name + " matches";
  }

  private static String words(String name, Collection<String> words, boolean differs) {
    if (words.size() == 1) {
      return name + (differs ? " != " : " == ") + '"' + words.iterator().next() + '"';
    }
    return (differs ? "not " : "") + name + " in " + list(words);
  }

  private static String list(Collection<String> words) {
    return "[\"" + String.join("\", \"", new TreeSet<>(words)) + "\"]";
  }

  private static String name(Reading reading) {
    return reading.isOwn()
        ? reading.signal().name()
        : reading.signal().entity().word() + "." + reading.signal().name();
  }

  private static String source(NumberSource source, String comparison) {
    if (source instanceof NumberSource.Latest latest) {
      return name(latest.reading()) + " " + comparison;
    }
    if (source instanceof NumberSource.Window window) {
      return "%s(%s) %s over %s"
          .formatted(
              window.function().name().toLowerCase(Locale.ROOT),
              name(window.reading()),
              comparison,
              Durations.words(window.window()));
    }
    if (source instanceof NumberSource.Count count) {
      return "count(%s) %s over %s"
          .formatted(of(count.event(), true), comparison, Durations.words(count.window()));
    }
    if (source instanceof NumberSource.Ratio ratio) {
      return "ratio(%s, %d samples) %s"
          .formatted(name(ratio.reading()), ratio.samples(), comparison);
    }
    NumberSource.Forecast forecast = (NumberSource.Forecast) source;
    return "forecast(%s, %s) %s"
        .formatted(name(forecast.reading()), Durations.words(forecast.ahead()), comparison);
  }

  private static String bound(Condition.NumberTest test) {
    return number(test.bound(), dimension(test.source()));
  }

  private static Dimension dimension(NumberSource source) {
    if (source instanceof NumberSource.Latest latest) {
      return latest.reading().signal().dimension();
    }
    if (source instanceof NumberSource.Window window) {
      return window.reading().signal().dimension();
    }
    if (source instanceof NumberSource.Forecast forecast) {
      return forecast.reading().signal().dimension();
    }
    return Dimension.NUMBER;
  }

  private static String number(double value, Dimension dimension) {
    if (Double.isNaN(value) || Double.isInfinite(value)) {
      return Double.toString(value);
    }
    return switch (dimension) {
      case RATIO -> plain(value * 100) + "%";
      case TIME ->
          value >= 0 ? Durations.words(Duration.ofMillis((long) (value * 1e3))) : plain(value);
      case NUMBER, TEMPERATURE, POWER, BYTES, FREQUENCY -> plain(value) + dimension.baseUnit();
    };
  }

  private static String plain(double value) {
    BigDecimal rounded = new BigDecimal(value).round(new MathContext(12)).stripTrailingZeros();
    return rounded.toPlainString();
  }
}
