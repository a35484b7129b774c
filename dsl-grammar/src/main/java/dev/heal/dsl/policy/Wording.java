package dev.heal.dsl.policy;

import dev.heal.dsl.vocabulary.Dimension;
import dev.heal.dsl.vocabulary.SignalKind;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Conditions as an operator would write them, for messages: {@code nvml.temperature >= 88C for
 * 60s}. Names that {@code let} and {@code tune} gave are replaced by their values.
 */
public final class Wording {
  private static final List<String> BYTE_UNITS = List.of("B", "KiB", "MiB", "GiB", "TiB");

  private Wording() {}

  /** The condition, without quotes around it. */
  public static String of(Condition condition) {
    if (condition instanceof Condition.All all) {
      return joined(" and ", all.parts());
    }
    if (condition instanceof Condition.Any any) {
      return joined(" or ", any.parts());
    }
    if (condition instanceof Condition.Not not) {
      return not(not.part());
    }
    if (condition instanceof Condition.Held held) {
      return within(held.part()) + " for " + span(held.span());
    }
    if (condition instanceof Condition.NumberTest test) {
      return number(test);
    }
    if (condition instanceof Condition.NumberIn in) {
      return name(in.reading()) + " in " + numbers(in.values());
    }
    if (condition instanceof Condition.NanTest nan) {
      return name(nan.reading()) + " is nan";
    }
    if (condition instanceof Condition.FlagTest flag) {
      return name(flag.reading());
    }
    if (condition instanceof Condition.WordTest word) {
      return name(word.reading())
          + (word.contains() ? " contains " : is(word.words().size()))
          + words(word.words(), true);
    }
    if (condition instanceof Condition.WordMatches word) {
      return name(word.reading()) + " matches " + word.pattern().pattern();
    }
    if (condition instanceof Condition.Silent silent) {
      return name(silent.reading())
          + " silent"
          + silent.span().map(span -> " for " + span(span)).orElse("");
    }
    if (condition instanceof Condition.Happens happens) {
      return event(happens);
    }
    if (condition instanceof Condition.CheckPasses check) {
      return "check " + check.check();
    }
    throw new IllegalStateException("a new kind of condition: " + condition);
  }

  private static String not(Condition part) {
    if (part instanceof Condition.Silent silent && silent.span().isEmpty()) {
      return name(silent.reading()) + " alive";
    }
    if (part instanceof Condition.WordTest word && !word.contains() && word.words().size() == 1) {
      return name(word.reading()) + " != " + words(word.words(), true);
    }
    return "not " + within(part);
  }

  private static String joined(String word, List<Condition> parts) {
    return parts.stream().map(Wording::within).collect(Collectors.joining(word));
  }

  /** In parentheses where it has parts of its own. */
  private static String within(Condition part) {
    return part instanceof Condition.All || part instanceof Condition.Any
        ? "(" + of(part) + ")"
        : of(part);
  }

  private static String number(Condition.NumberTest test) {
    NumberSource source = test.source();
    String sign = " " + test.operator().sign() + " ";
    if (source instanceof NumberSource.Latest latest) {
      return name(latest.reading()) + sign + value(latest.reading(), test.bound());
    }
    if (source instanceof NumberSource.Window window) {
      return window.function().name().toLowerCase(Locale.ROOT)
          + "("
          + name(window.reading())
          + ")"
          + sign
          + value(window.reading(), test.bound())
          + " over "
          + span(window.window());
    }
    if (source instanceof NumberSource.Count count) {
      return "count("
          + event(count.event())
          + ")"
          + sign
          + plain(test.bound())
          + " over "
          + span(count.window());
    }
    if (source instanceof NumberSource.Ratio ratio) {
      return "ratio(%s, %d samples)".formatted(name(ratio.reading()), ratio.samples())
          + sign
          + plain(test.bound());
    }
    if (source instanceof NumberSource.Forecast forecast) {
      return "forecast(%s, %s)".formatted(name(forecast.reading()), span(forecast.ahead()))
          + sign
          + value(forecast.reading(), test.bound());
    }
    throw new IllegalStateException("a new kind of source: " + source);
  }

  private static String event(Condition.Happens happens) {
    String name = name(happens.reading());
    if (happens.tests().isEmpty()) {
      return name;
    }
    return happens.tests().stream()
        .map(
            test ->
                happens.reading().signal().name().equals("exit") ? exit(test) : test(name, test))
        .collect(Collectors.joining(" and "));
  }

  private static String exit(EventTest test) {
    return test(
        "process exits with " + (test.field().equals("exit_signal") ? "signal" : "code"), test);
  }

  private static String test(String name, EventTest test) {
    boolean bare =
        test.field().equals("code")
            || test.field().equals("line")
            || test.field().startsWith("exit_");
    String left = bare ? name : name + " " + test.field();
    if (test instanceof EventTest.NumberIs is) {
      return left + " " + is.operator().sign() + " " + plain(is.bound());
    }
    if (test instanceof EventTest.NumberIn in) {
      return left + (in.negated() ? " not in " : " in ") + numbers(in.values());
    }
    if (test instanceof EventTest.WordIn in) {
      return left
          + (in.negated() ? (in.words().size() == 1 ? " != " : " not in ") : is(in.words().size()))
          + words(in.words(), !in.field().equals("exit_signal"));
    }
    if (test instanceof EventTest.Matches matches) {
      return left + " matches " + matches.pattern().pattern();
    }
    throw new IllegalStateException("a new kind of test: " + test);
  }

  private static String is(int count) {
    return count == 1 ? " == " : " in ";
  }

  /** {@code nvml.temperature}; {@code node.net.rtt} where it is another entity's. */
  private static String name(Reading reading) {
    boolean named = !reading.isOwn() || reading.signal().kind() == SignalKind.ATTRIBUTE;
    return named ? reading.signal().toString() : reading.signal().name();
  }

  private static String words(Collection<String> words, boolean quoted) {
    String quote = quoted ? "\"" : "";
    List<String> shown = new TreeSet<>(words).stream().map(word -> quote + word + quote).toList();
    return shown.size() == 1 ? shown.get(0) : "[" + String.join(", ", shown) + "]";
  }

  private static String numbers(Collection<Double> numbers) {
    return new TreeSet<>(numbers)
        .stream().map(Wording::plain).collect(Collectors.joining(", ", "[", "]"));
  }

  /** A value of a signal with its unit. */
  public static String value(Reading reading, double number) {
    return value(reading.signal().dimension(), number);
  }

  /** A number in base units, with a unit that a person would choose. */
  public static String value(Dimension dimension, double number) {
    if (Double.isNaN(number) || Double.isInfinite(number)) {
      return Double.isNaN(number) ? "nan" : number > 0 ? "infinite" : "minus infinite";
    }
    return switch (dimension) {
      case NUMBER -> plain(number);
      case TEMPERATURE -> plain(number) + "C";
      case POWER -> plain(number) + "W";
      case RATIO -> plain(number * 100) + "%";
      case TIME -> number < 0 || number > 1e9 ? plain(number) + "s" : time(number);
      case BYTES -> bytes(number);
      case FREQUENCY ->
          Math.abs(number) >= 1e6 ? plain(number / 1e6) + "MHz" : plain(number) + "Hz";
    };
  }

  private static String time(double seconds) {
    return seconds == 0 ? "0s" : seconds < 1 ? plain(seconds * 1000) + "ms" : plain(seconds) + "s";
  }

  private static String bytes(double bytes) {
    double left = bytes;
    int unit = 0;
    while (Math.abs(left) >= 1024 && unit < BYTE_UNITS.size() - 1) {
      left /= 1024;
      unit++;
    }
    return plain(left) + BYTE_UNITS.get(unit);
  }

  /** Up to six significant digits, without a trailing zero. */
  private static String plain(double number) {
    if (Double.isNaN(number) || Double.isInfinite(number)) {
      return Double.toString(number);
    }
    BigDecimal exact = new BigDecimal(Double.toString(number));
    int scale = Math.max(0, 6 - (exact.precision() - exact.scale()));
    BigDecimal rounded = exact.setScale(Math.min(scale, 9), RoundingMode.HALF_EVEN);
    return rounded.signum() == 0 ? "0" : rounded.stripTrailingZeros().toPlainString();
  }

  /** {@code 1h30m}, {@code 60s}: seconds up to two minutes, as policies are written. */
  public static String span(Duration span) {
    long millis = span.toMillis();
    if (millis < 1000) {
      return millis + "ms";
    }
    if (millis % 1000 != 0) {
      return plain(millis / 1000.0) + "s";
    }
    long seconds = millis / 1000;
    if (seconds < 120) {
      return seconds + "s";
    }
    StringBuilder text = new StringBuilder();
    seconds = part(text, seconds, 86_400, "d");
    seconds = part(text, seconds, 3_600, "h");
    seconds = part(text, seconds, 60, "m");
    part(text, seconds, 1, "s");
    return text.toString();
  }

  private static long part(StringBuilder text, long seconds, long unit, String word) {
    if (seconds >= unit) {
      text.append(seconds / unit).append(word);
    }
    return seconds % unit;
  }
}
