package dev.heal.dsl.check;

import dev.heal.dsl.text.Span;
import dev.heal.dsl.tree.Value;
import dev.heal.dsl.vocabulary.Dimension;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Numbers with units into base units, with a message for every way to get them wrong. */
final class Quantities {
  private record Unit(Dimension dimension, double factor) {}

  private static final BigDecimal LONGEST_SECONDS = BigDecimal.valueOf(10L * 366 * 86_400);
  private static final Map<String, Unit> UNITS =
      Map.ofEntries(
          Map.entry("C", new Unit(Dimension.TEMPERATURE, 1)),
          Map.entry("mW", new Unit(Dimension.POWER, 1e-3)),
          Map.entry("W", new Unit(Dimension.POWER, 1)),
          Map.entry("kW", new Unit(Dimension.POWER, 1e3)),
          Map.entry("%", new Unit(Dimension.RATIO, 0.01)),
          Map.entry("us", new Unit(Dimension.TIME, 1e-6)),
          Map.entry("ms", new Unit(Dimension.TIME, 1e-3)),
          Map.entry("s", new Unit(Dimension.TIME, 1)),
          Map.entry("m", new Unit(Dimension.TIME, 60)),
          Map.entry("h", new Unit(Dimension.TIME, 3600)),
          Map.entry("d", new Unit(Dimension.TIME, 86_400)),
          Map.entry("B", new Unit(Dimension.BYTES, 1)),
          Map.entry("KB", new Unit(Dimension.BYTES, 1e3)),
          Map.entry("MB", new Unit(Dimension.BYTES, 1e6)),
          Map.entry("GB", new Unit(Dimension.BYTES, 1e9)),
          Map.entry("TB", new Unit(Dimension.BYTES, 1e12)),
          Map.entry("KiB", new Unit(Dimension.BYTES, 1024)),
          Map.entry("MiB", new Unit(Dimension.BYTES, 1024.0 * 1024)),
          Map.entry("GiB", new Unit(Dimension.BYTES, 1024.0 * 1024 * 1024)),
          Map.entry("TiB", new Unit(Dimension.BYTES, 1024.0 * 1024 * 1024 * 1024)),
          Map.entry("Hz", new Unit(Dimension.FREQUENCY, 1)),
          Map.entry("kHz", new Unit(Dimension.FREQUENCY, 1e3)),
          Map.entry("MHz", new Unit(Dimension.FREQUENCY, 1e6)),
          Map.entry("GHz", new Unit(Dimension.FREQUENCY, 1e9)));
  private static final Map<Dimension, String> EXAMPLES =
      Map.of(
          Dimension.TEMPERATURE, "a temperature such as `88C`",
          Dimension.POWER, "a power such as `450W`",
          Dimension.RATIO, "a percentage such as `95%`",
          Dimension.TIME, "a duration such as `30s` or `1h30m`",
          Dimension.BYTES, "a size such as `16GiB`",
          Dimension.FREQUENCY, "a frequency such as `1200MHz`",
          Dimension.NUMBER, "a bare number such as `3`");

  private final Findings findings;
  private final Names names;

  Quantities(Findings findings, Names names) {
    this.findings = findings;
    this.names = names;
  }

  /** The value behind a {@code let} or {@code tune}; anything else is itself. */
  private Value resolved(Value written) {
    return written instanceof Value.Word word ? names.value(word.name()).orElse(written) : written;
  }

  /** The number in the base unit; empty, with a message, where it is not of the dimension. */
  Optional<Double> number(Value.Quantity written, Dimension wanted) {
    BigDecimal sum = BigDecimal.ZERO;
    for (Value.Quantity.Part part : written.parts()) {
      Optional<BigDecimal> one = part(written, part, wanted);
      if (one.isEmpty()) {
        return Optional.empty();
      }
      sum = sum.add(one.get());
    }
    return Optional.of(sum.doubleValue());
  }

  private Optional<BigDecimal> part(
      Value.Quantity written, Value.Quantity.Part part, Dimension wanted) {
    Span span = written.span();
    if (part.unit().isEmpty()) {
      if (wanted == Dimension.NUMBER) {
        return Optional.of(part.number());
      }
      findings.add(
          CheckCode.H0301, span, "`" + span.text() + "` has no unit", "write " + example(wanted));
      return Optional.empty();
    }
    Unit unit = UNITS.get(part.unit());
    if (unit == null) {
      findings.add(
          CheckCode.H0302, span, "`" + part.unit() + "` is not a unit", "write " + example(wanted));
      return Optional.empty();
    }
    if (unit.dimension() != wanted) {
      findings.add(
          CheckCode.H0303,
          span,
          "`" + span.text() + "` is not " + name(wanted),
          "write " + example(wanted));
      return Optional.empty();
    }
    return Optional.of(part.number().multiply(new BigDecimal(Double.toString(unit.factor()))));
  }

  static String example(Dimension dimension) {
    return java.util.Objects.requireNonNull(EXAMPLES.get(dimension));
  }

  private static String name(Dimension dimension) {
    String example = example(dimension);
    return example.substring(0, example.indexOf(" such as"));
  }

  /** A span of more than nothing and at most ten years. */
  Optional<Duration> duration(Value value) {
    if (!(resolved(value) instanceof Value.Quantity written)) {
      findings.add(
          CheckCode.H0305,
          value.span(),
          "`" + value.span().text() + "` is not a duration",
          "write " + example(Dimension.TIME));
      return Optional.empty();
    }
    BigDecimal sum = BigDecimal.ZERO;
    for (Value.Quantity.Part part : written.parts()) {
      Optional<BigDecimal> one = part(written, part, Dimension.TIME);
      if (one.isEmpty()) {
        return Optional.empty();
      }
      sum = sum.add(one.get());
    }
    if (sum.signum() < 0 || sum.compareTo(LONGEST_SECONDS) > 0) {
      findings.add(CheckCode.H0304, value.span(), "a duration lies between nothing and ten years");
      return Optional.empty();
    }
    return Optional.of(
        Duration.ofNanos(sum.movePointRight(9).setScale(0, RoundingMode.HALF_UP).longValueExact()));
  }

  /** The span that a value certainly is; what it is otherwise is said elsewhere. */
  Optional<Duration> quietDuration(Value value) {
    return new Quantities(new Findings(), names).duration(value);
  }

  /** A whole bare number between the bounds. */
  OptionalInt count(Value value, int least, int most) {
    if (resolved(value) instanceof Value.Quantity written) {
      Optional<Double> number = number(written, Dimension.NUMBER);
      if (number.isEmpty()) {
        return OptionalInt.empty();
      }
      double exact = number.get();
      if (exact == Math.rint(exact) && exact >= least && exact <= most) {
        return OptionalInt.of((int) exact);
      }
      findings.add(
          CheckCode.H0304,
          value.span(),
          "`%s` is not a whole number from %d to %d".formatted(value.span().text(), least, most));
      return OptionalInt.empty();
    }
    findings.add(
        CheckCode.H0305,
        value.span(),
        "`" + value.span().text() + "` is not a number",
        "write a whole number from " + least + " to " + most);
    return OptionalInt.empty();
  }

  /** Whether the quantity is written in percent. */
  static boolean isPercent(Value value) {
    return value instanceof Value.Quantity q && q.parts().get(0).unit().equals("%");
  }
}
