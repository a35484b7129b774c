package dev.heal.bench;

import dev.heal.bench.Contest.Field;
import dev.heal.bench.rival.Contender;
import dev.heal.bench.rival.Firings;
import dev.heal.bench.rival.Heal;
import dev.heal.bench.stream.StreamKind;
import dev.heal.engine.fact.Fact;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;

/** From a fact to the decisions that follow from it, for those facts that anything follows from. */
final class LatencyBenchmark implements Benchmark {
  private static final double GOAL_MICROS = 200;
  private static final int WARM_ROUNDS = 5;

  private final int[] sizes;

  LatencyBenchmark(int... sizes) {
    this.sizes = sizes.clone();
  }

  @Override
  public String name() {
    return "latency";
  }

  @Override
  public void run(Effort effort, Report report) {
    report.section("Fact to decision");
    report.note(
        "Microseconds by the clock on the wall, of the facts from which a decision follows; the"
            + " first %d runs over the stream warm up and do not count.",
        WARM_ROUNDS);
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("policies, stream", "decisions", "p50", "p99", "p99.9", "most"));
    for (int size : sizes) {
      for (StreamKind kind : StreamKind.values()) {
        Field field = Field.of(size, kind, effort.of(Contest.samples(size, kind)));
        Histogram histogram = measure(field, effort);
        if (histogram.getTotalCount() == 0) {
          continue; // nothing follows from such a stream
        }
        rows.add(
            List.of(
                Report.text("%,d, %s", size, kind.word()),
                Report.text("%,d", histogram.getTotalCount()),
                micros(histogram.getValueAtPercentile(50)),
                micros(histogram.getValueAtPercentile(99)),
                micros(histogram.getValueAtPercentile(99.9)),
                micros(histogram.getMaxValue())));
        if (size == Contest.MIDDLE && kind == StreamKind.NOISY) {
          double p99 = histogram.getValueAtPercentile(99) / 1e3;
          report.goal(
              "fact to decision, 200 policies, p99",
              Report.text("%.0f µs", p99),
              "under 200 µs",
              p99 < GOAL_MICROS);
        }
      }
    }
    report.table(rows);
  }

  private static Histogram measure(Field field, Effort effort) {
    Histogram histogram = new Histogram(3);
    Stopwatch whole = new Stopwatch();
    Heal.Maker heal = new Heal.Maker();
    for (int round = 0; ; round++) {
      Firings firings = new Firings();
      try (Contender contender = heal.open(field.rules(), firings)) {
        for (Fact.Sample sample : field.samples()) {
          int before = firings.count();
          long start = System.nanoTime();
          contender.accept(sample);
          long took = System.nanoTime() - start;
          if (firings.count() > before && (round >= WARM_ROUNDS || effort == Effort.TEST)) {
            histogram.recordValue(took);
          }
        }
      }
      boolean enough = whole.elapsed().thread() > effort.perFigure().toNanos() / 1e9;
      if (enough && (round > WARM_ROUNDS || effort == Effort.TEST)) {
        return histogram;
      }
    }
  }

  private static String micros(long nanos) {
    return Report.text("%,.1f", nanos / 1e3);
  }
}
