package dev.heal.engine.fact;

import dev.heal.dsl.policy.Condition;
import dev.heal.dsl.policy.NumberSource;
import dev.heal.dsl.policy.Reading;
import dev.heal.dsl.vocabulary.SignalKind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Predicate;

/** Turns a condition on an entity into nodes, and tells each signal what is asked of it. */
final class NodeBuilder {
  private final SeriesStore store;
  private final Topology topology;
  private final Cell cell;
  private final EntityId entity;
  private final long from;
  private final boolean raises;

  /**
   * @param from facts with an earlier own time are no evidence; {@link Series#NEVER}: all are
   * @param raises whether the condition raises a fault: what our own order does to a sign of life
   *     does not count then. It does for what proves or ends one
   */
  NodeBuilder(SeriesStore store, Cell cell, EntityId entity, long from, boolean raises) {
    this.store = store;
    this.topology = store.topology();
    this.cell = cell;
    this.entity = entity;
    this.from = from;
    this.raises = raises;
  }

  Node build(Condition condition) {
    if (condition instanceof Condition.All all) {
      return new Node.Parts(true, all.parts().stream().map(this::build).toList());
    }
    if (condition instanceof Condition.Any any) {
      return new Node.Parts(false, any.parts().stream().map(this::build).toList());
    }
    if (condition instanceof Condition.Not not) {
      return new Node.Not(build(not.part()));
    }
    if (condition instanceof Condition.Held held) {
      return new HeldNode(held, build(held.part()));
    }
    return leaf(condition);
  }

  private Node leaf(Condition condition) {
    if (condition instanceof Condition.NumberTest test) {
      return number(test);
    }
    if (condition instanceof Condition.NumberIn in) {
      return everySample(in.reading(), (s, m) -> Truth.of(in.values().contains(s.value())));
    }
    if (condition instanceof Condition.NanTest nan) {
      return everySample(nan.reading(), (s, m) -> Truth.of(Double.isNaN(s.value())));
    }
    if (condition instanceof Condition.FlagTest flag) {
      List<Series> sensors = sensors(flag.reading());
      sensors.forEach(s -> s.needsBound(0));
      return sensor(flag.reading(), sensors, true, (s, m) -> Truth.of(s.value() != 0));
    }
    if (condition instanceof Condition.WordTest word) {
      return words(word.reading(), text -> holds(word, text));
    }
    if (condition instanceof Condition.WordMatches word) {
      return words(word.reading(), text -> word.pattern().matcher(text).find());
    }
    if (condition instanceof Condition.Silent silent) {
      return silent(silent);
    }
    if (condition instanceof Condition.Happens happens) {
      List<Series> sensors = sensors(happens.reading());
      // where there is nothing to which it could happen, it does not happen: that is known
      return sensors.isEmpty()
          ? new Node.Fixed(Truth.FALSE)
          : sensor(happens.reading(), sensors, false, (s, m) -> happening(happens, s, m));
    }
    if (condition instanceof Condition.CheckPasses check) {
      Series result = store.series(entity, "check." + check.check());
      attach(result);
      result.needsEverySample();
      return new SensorNode(List.of(result), from, true, false, (s, m) -> Truth.of(s.value() != 0));
    }
    throw new IllegalStateException("a new kind of condition: " + condition);
  }

  private static Truth happening(Condition.Happens happens, Series series, Moment moment) {
    Fact.Event event = moment.eventOf(series);
    return Truth.of(event != null && EventMatch.all(happens.tests(), event));
  }

  private static boolean holds(Condition.WordTest test, String text) {
    return test.contains()
        ? Arrays.stream(text.split(",", -1)).anyMatch(w -> test.words().contains(w.strip()))
        : test.words().contains(text);
  }

  private Node words(Reading reading, Predicate<String> test) {
    if (reading.signal().kind() != SignalKind.ATTRIBUTE) {
      return everySample(reading, (s, m) -> Truth.of(test.test(s.word())));
    }
    Truth truth = Truth.FALSE;
    boolean asked = false;
    for (EntityId one : topology.related(entity, reading.signal().entity())) {
      Optional<String> value = topology.attribute(one, reading.signal().name());
      truth = truth.or(value.map(v -> Truth.of(test.test(v))).orElse(Truth.UNKNOWN));
      asked = true;
    }
    return new Node.Fixed(asked ? truth : Truth.UNKNOWN);
  }

  private Node everySample(Reading reading, SensorNode.Test test) {
    List<Series> sensors = sensors(reading);
    sensors.forEach(Series::needsEverySample);
    return sensor(reading, sensors, true, test);
  }

  private SensorNode sensor(
      Reading reading, List<Series> sensors, boolean level, SensorNode.Test test) {
    boolean excusing = raises && SignsOfLife.holds(reading.signal());
    return new SensorNode(sensors, from, level, excusing, test);
  }

  private Node silent(Condition.Silent silent) {
    List<Series> sensors = sensors(silent.reading());
    sensors.forEach(Series::needsEverySample);
    return sensor(
        silent.reading(),
        sensors,
        false,
        (series, moment) -> {
          if (from != Series.NEVER && !series.isFresh(from)) {
            return Truth.UNKNOWN;
          }
          if (silent.span().isPresent()) {
            return series.silentSince(moment, silent.span().get().toNanos());
          }
          return series.silence().isPresent()
              ? series.silentSince(moment, series.silence().getAsLong())
              : Truth.UNKNOWN;
        });
  }

  private Node number(Condition.NumberTest test) {
    NumberSource source = test.source();
    if (source instanceof NumberSource.Count count) {
      return count(count, test);
    }
    if (source instanceof NumberSource.Latest latest) {
      List<Series> sensors = sensors(latest.reading());
      sensors.forEach(s -> s.needsBound(test.bound()));
      return level(latest.reading(), sensors, test, (s, m) -> OptionalDouble.of(s.value()));
    }
    if (source instanceof NumberSource.Window window) {
      long span = window.window().toNanos();
      List<Series> sensors = sensors(window.reading());
      if (window.function() == NumberSource.Function.AVG) {
        sensors.forEach(s -> s.needsSamples(span, 0));
      } else {
        sensors.forEach(s -> s.needsChanges(span));
      }
      return level(
          window.reading(),
          sensors,
          test,
          (s, m) -> Windows.over(window.function(), s, m, span, from));
    }
    if (source instanceof NumberSource.Ratio ratio) {
      List<Series> sensors = sensors(ratio.reading());
      sensors.forEach(s -> s.needsSamples(0, ratio.samples() + 1));
      return level(
          ratio.reading(), sensors, test, (s, m) -> Windows.ratio(s, ratio.samples(), from));
    }
    if (source instanceof NumberSource.Forecast forecast) {
      long ahead = forecast.ahead().toNanos();
      List<Series> sensors = sensors(forecast.reading());
      sensors.forEach(s -> s.needsSamples(ahead, 0));
      return level(forecast.reading(), sensors, test, (s, m) -> Windows.forecast(s, ahead, from));
    }
    throw new IllegalStateException("a new kind of source: " + source);
  }

  /** A number of a heard signal, or none. */
  private interface Gauge {
    OptionalDouble read(Series series, Moment moment);
  }

  private Node level(
      Reading reading, List<Series> sensors, Condition.NumberTest test, Gauge gauge) {
    return sensor(
        reading,
        sensors,
        true,
        (series, moment) -> {
          OptionalDouble number = gauge.read(series, moment);
          return number.isPresent()
              ? Truth.of(EventMatch.compare(number.getAsDouble(), test.operator(), test.bound()))
              : Truth.UNKNOWN;
        });
  }

  /** The events of all related entities together; never unknown. */
  private Node count(NumberSource.Count count, Condition.NumberTest test) {
    List<EventWindow> windows = new ArrayList<>();
    for (Series series : sensors(count.event().reading())) {
      windows.add(cell.window(series, count));
    }
    return new CountNode(windows, from, test);
  }

  private record CountNode(List<EventWindow> windows, long from, Condition.NumberTest test)
      implements Node {
    @Override
    public Truth look(Moment moment) {
      int sum = 0;
      for (EventWindow window : windows) {
        sum += window.count(moment, from);
      }
      return Truth.of(EventMatch.compare(sum, test.operator(), test.bound()));
    }

    @Override
    public boolean isSilent(Moment moment) {
      return false;
    }
  }

  private List<Series> sensors(Reading reading) {
    List<Series> sensors = new ArrayList<>();
    for (EntityId one : topology.related(entity, reading.signal().entity())) {
      Series series = store.series(one, reading.signal());
      attach(series);
      sensors.add(series);
    }
    if (!reading.isOwn()) {
      cell.readsOthers();
    }
    return sensors;
  }

  private void attach(Series series) {
    if (cell.reads(series)) {
      series.read(cell);
    }
    if (from != Series.NEVER) {
      series.needsFactsFrom(from);
    }
  }
}
