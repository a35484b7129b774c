package dev.heal.engine.cli.metrics;

import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.ArrayList;
import java.util.List;

/** Metrics of one moment, in the making. */
final class Snapshots {
  private final List<Gauge> gauges = new ArrayList<>();
  private final List<Counter> counters = new ArrayList<>();

  /** A gauge with its samples. */
  static final class Gauge {
    private final GaugeSnapshot.Builder builder;
    private boolean empty = true;

    private Gauge(String name, String help) {
      builder = GaugeSnapshot.builder().name(name).help(help);
    }

    /**
     * Adds a sample.
     *
     * @param labels names and values by turns
     */
    Gauge add(double value, String... labels) {
      builder.dataPoint(
          GaugeSnapshot.GaugeDataPointSnapshot.builder()
              .value(value)
              .labels(Labels.of(labels))
              .build());
      empty = false;
      return this;
    }
  }

  /** A counter with its samples. */
  static final class Counter {
    private final CounterSnapshot.Builder builder;
    private boolean empty = true;

    private Counter(String name, String help) {
      builder = CounterSnapshot.builder().name(name).help(help);
    }

    /**
     * Adds a sample.
     *
     * @param labels names and values by turns
     */
    Counter add(double value, String... labels) {
      builder.dataPoint(
          CounterSnapshot.CounterDataPointSnapshot.builder()
              .value(value)
              .labels(Labels.of(labels))
              .build());
      empty = false;
      return this;
    }
  }

  Gauge gauge(String name, String help) {
    Gauge made = new Gauge(name, help);
    gauges.add(made);
    return made;
  }

  void gauge(String name, String help, double value) {
    Gauge unused = gauge(name, help).add(value);
  }

  /**
   * A counter.
   *
   * @param name ends in {@code _total}
   */
  Counter counter(String name, String help) {
    Counter made = new Counter(name.substring(0, name.length() - "_total".length()), help);
    counters.add(made);
    return made;
  }

  void counter(String name, String help, double value) {
    Counter unused = counter(name, help).add(value);
  }

  /** All that have a sample. */
  MetricSnapshots all() {
    MetricSnapshots.Builder all = MetricSnapshots.builder();
    gauges.stream().filter(g -> !g.empty).forEach(g -> all.metricSnapshot(g.builder.build()));
    counters.stream().filter(c -> !c.empty).forEach(c -> all.metricSnapshot(c.builder.build()));
    return all.build();
  }
}
