package dev.heal.dsl.check;

import dev.heal.dsl.policy.Condition;
import dev.heal.dsl.policy.NumberSource;
import dev.heal.dsl.policy.Reading;
import dev.heal.dsl.tree.Condition.Argument;
import dev.heal.dsl.tree.Condition.Compare;
import dev.heal.dsl.tree.Condition.Operand;
import dev.heal.dsl.tree.Name;
import dev.heal.dsl.tree.Value;
import dev.heal.dsl.vocabulary.Dimension;
import dev.heal.dsl.vocabulary.EntityKind;
import dev.heal.dsl.vocabulary.Signal;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * {@code count}, {@code avg}, {@code min}, {@code max}, {@code increase}, {@code rate}, {@code
 * ratio}, {@code forecast}.
 */
final class FunctionLowering {
  private static final int MOST_SAMPLES = 10_000;
  private static final List<String> KNOWN =
      List.of("count", "avg", "min", "max", "increase", "rate", "ratio", "forecast");

  private final ConditionLowering conditions;
  private final Findings findings;
  private final Quantities quantities;
  private final Readings readings;

  FunctionLowering(
      ConditionLowering conditions, Findings findings, Quantities quantities, Readings readings) {
    this.conditions = conditions;
    this.findings = findings;
    this.quantities = quantities;
    this.readings = readings;
  }

  Optional<Condition> lower(Operand.Call call, Compare compare, EntityKind on) {
    String function = call.function().text();
    return switch (function) {
      case "count" -> count(call, compare, on);
      case "avg", "min", "max", "increase", "rate" -> window(function, call, compare, on);
      case "ratio" -> ratio(call, compare, on);
      case "forecast" -> forecast(call, compare, on);
      default -> {
        findings.add(
            CheckCode.H0311,
            call.function().span(),
            function.equals("anomaly")
                ? "`anomaly` is reserved for a later edition"
                : "`" + function + "` is not a function",
            findings.near(function, KNOWN));
        yield Optional.empty();
      }
    };
  }

  private Optional<Condition> count(Operand.Call call, Compare compare, EntityKind on) {
    Optional<Duration> over = over(compare, "count");
    if (call.arguments().size() != 1
        || !(call.arguments().get(0) instanceof Argument.OfCondition argument)) {
      return misuse(call, "count takes one event, as in `count(xid == 48) >= 3 over 10m`");
    }
    Optional<Condition> event = conditions.lower(argument.condition(), on);
    if (over.isEmpty() || event.isEmpty()) {
      return Optional.empty();
    }
    if (!(event.get() instanceof Condition.Happens happens)) {
      return misuse(call, "count takes an event; this is a level");
    }
    return number(compare.right(), plain(Dimension.NUMBER), "count")
        .map(
            bound ->
                new Condition.NumberTest(
                    new NumberSource.Count(happens, over.get()), compare.operator(), bound));
  }

  private Optional<Condition> window(
      String function, Operand.Call call, Compare compare, EntityKind on) {
    Optional<Duration> over = over(compare, function);
    Optional<Reading> reading = reading(call, 1, on);
    if (over.isEmpty() || reading.isEmpty()) {
      return Optional.empty();
    }
    Optional<Duration> interval = reading.get().signal().interval();
    if (interval.isPresent() && over.get().compareTo(interval.get().multipliedBy(2)) < 0) {
      findings.add(
          CheckCode.H0402,
          compare.over().orElseThrow().span(),
          "`over` spans under two samples, which come every " + Durations.words(interval.get()),
          "write at least `over " + Durations.words(interval.get().multipliedBy(2)) + "`");
      return Optional.empty();
    }
    Signal signal = reading.get().signal();
    boolean grows = function.equals("increase") || function.equals("rate");
    return number(compare.right(), grows ? plain(signal.dimension()) : signal, function)
        .map(
            bound ->
                new Condition.NumberTest(
                    new NumberSource.Window(
                        NumberSource.Function.valueOf(function.toUpperCase(Locale.ROOT)),
                        reading.get(),
                        over.get()),
                    compare.operator(),
                    bound));
  }

  private Optional<Condition> ratio(Operand.Call call, Compare compare, EntityKind on) {
    noOver(compare, "ratio");
    Optional<Reading> reading = reading(call, 2, on);
    if (reading.isEmpty()) {
      return Optional.empty();
    }
    if (!(call.arguments().get(1) instanceof Argument.OfValues values)
        || values.values().size() != 2
        || !(values.values().get(1) instanceof Value.Word word)
        || !word.name().text().startsWith("sample")) {
      return misuse(call, "ratio takes a number of samples, as in `ratio(train.loss, 50 samples)`");
    }
    OptionalInt samples = quantities.count(values.values().get(0), 1, MOST_SAMPLES);
    Optional<Double> bound = number(compare.right(), plain(Dimension.NUMBER), "ratio");
    return samples.isEmpty() || bound.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Condition.NumberTest(
                new NumberSource.Ratio(reading.get(), samples.getAsInt()),
                compare.operator(),
                bound.get()));
  }

  private Optional<Condition> forecast(Operand.Call call, Compare compare, EntityKind on) {
    noOver(compare, "forecast");
    Optional<Reading> reading = reading(call, 2, on);
    if (reading.isEmpty()) {
      return Optional.empty();
    }
    if (!(call.arguments().get(1) instanceof Argument.OfValues values)
        || values.values().size() != 1) {
      return misuse(call, "forecast takes a duration, as in `forecast(nvml.memory_used, 60s)`");
    }
    Optional<Duration> ahead = quantities.duration(values.values().get(0));
    Optional<Double> bound = number(compare.right(), reading.get().signal(), "forecast");
    return ahead.isEmpty() || bound.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Condition.NumberTest(
                new NumberSource.Forecast(reading.get(), ahead.get()),
                compare.operator(),
                bound.get()));
  }

  private Optional<Double> number(Value written, Signal like, String name) {
    return conditions.literals().bound(written, like, name);
  }

  private static Signal plain(Dimension dimension) {
    return new Signal(
        "number",
        EntityKind.NODE,
        dev.heal.dsl.vocabulary.SignalKind.GAUGE,
        dimension,
        OptionalDouble.empty(),
        OptionalDouble.empty(),
        java.util.Set.of(),
        Optional.empty(),
        false,
        "");
  }

  private Optional<Reading> reading(Operand.Call call, int arguments, EntityKind on) {
    String function = call.function().text();
    if (call.arguments().size() != arguments
        || !(call.arguments().get(0) instanceof Argument.OfCondition first)
        || !(first.condition() instanceof dev.heal.dsl.tree.Condition.Bare bare)) {
      misuse(call, function + " takes a signal first, and " + arguments + " in all");
      return Optional.empty();
    }
    Name name = bare.name();
    return readings
        .read(name, on)
        .map(Readings.Read::reading)
        .filter(
            reading -> {
              boolean number = reading.signal().kind().isNumber();
              if (!number) {
                findings.add(CheckCode.H0311, name.span(), "`" + name.text() + "` is not a number");
              }
              return number;
            });
  }

  private Optional<Duration> over(Compare compare, String function) {
    if (compare.over().isEmpty()) {
      findings.add(
          CheckCode.H0213,
          compare.span(),
          "`" + function + "` needs a window",
          "write `over 10m` behind it");
      return Optional.empty();
    }
    return quantities.duration(conditions.literals().resolved(compare.over().get()));
  }

  private void noOver(Compare compare, String function) {
    compare
        .over()
        .ifPresent(
            over -> findings.add(CheckCode.H0311, over.span(), "`" + function + "` has no `over`"));
  }

  private Optional<Condition> misuse(Operand.Call call, String message) {
    findings.add(CheckCode.H0311, call.span(), message);
    return Optional.empty();
  }
}
