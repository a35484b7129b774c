package dev.heal.bench;

import dev.heal.bench.rival.Contender;
import dev.heal.bench.rival.Firings;
import dev.heal.bench.stream.StreamKind;
import dev.heal.engine.fact.Fact;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;

/** How long after a fact, or after the timer that it lets run, its decision stands. */
final class LatencyBenchmark implements Benchmark {
  private static final long LONGEST = 60_000_000_000L;
  private static final int DIGITS = 3;
  private static final double ARRIVALS = 10_000;
  private static final double GOAL_MICROS = 200;

  private final int[] sizes;

  LatencyBenchmark(int... sizes) {
    this.sizes = sizes.clone();
  }

  @Override
  public String name() {
    return "latency";
  }

  /**
   * @param deciding the facts that a decision followed
   * @param all every fact
   * @param queued the deciding ones, with the wait behind others where facts come evenly
   */
  private record Latencies(Histogram deciding, Histogram all, Histogram queued) {
    Latencies() {
      this(
          new Histogram(LONGEST, DIGITS),
          new Histogram(LONGEST, DIGITS),
          new Histogram(LONGEST, DIGITS));
    }
  }

  @Override
  public void run(Effort effort, Report report) {
    report.section("From the fact to the decision");
    report.note(
        "Microseconds by the clock on the wall: of the facts that a decision follows, of all facts,"
            + " and of the deciding ones with their wait in the queue where %,.0f facts a second"
            + " come evenly (reckoned from the measured times). One run of the stream warms up.",
        ARRIVALS);
    List<List<String>> rows = new ArrayList<>();
    rows.add(
        List.of(
            "policies, stream",
            "contender",
            "deciding facts",
            "p50",
            "p99",
            "p99.9",
            "all facts p99",
            "p99.9",
            "queued p99",
            "p99.9"));
    for (int size : sizes) {
      List<Contender.Maker> contenders = Contest.contenders(size);
      for (StreamKind kind : List.of(StreamKind.QUIET, StreamKind.NOISY)) {
        for (Contender.Maker maker : contenders) {
          Latencies latencies = measure(maker, size, kind, effort);
          String what = maker.name().equals("heal") ? label(size, kind) : "";
          rows.add(row(what, maker.name(), latencies));
          goal(report, maker, size, kind, latencies.deciding());
        }
      }
      contenders.forEach(Contender.Maker::close);
    }
    report.table(rows);
  }

  private static String label(int size, StreamKind kind) {
    return Report.text("%,d, %s", size, kind.word());
  }

  private static Latencies measure(
      Contender.Maker maker, int size, StreamKind kind, Effort effort) {
    int samples = Math.max(1, effort.of(Contest.samples(size, kind)) / maker.slowness());
    Contest contest = Contest.of(size, kind, samples);
    Latencies latencies = new Latencies();
    contest.run(maker);
    Firings firings = new Firings();
    try (Contender contender = maker.open(contest.rules(), firings)) {
      long free = 0;
      for (int i = 0; i < contest.samples().length; i++) {
        int before = firings.count();
        long took = time(contender, contest.samples()[i]);
        long arrives = (long) (i * 1e9 / ARRIVALS);
        free = Math.max(free, arrives) + took;
        latencies.all().recordValue(Math.min(took, LONGEST));
        if (firings.count() > before) {
          latencies.deciding().recordValue(Math.min(took, LONGEST));
          latencies.queued().recordValue(Math.min(free - arrives, LONGEST));
        }
      }
      contender.finish(contest.last());
      contest.agree(maker.name(), firings);
    }
    return latencies;
  }

  private static long time(Contender contender, Fact.Sample sample) {
    long start = System.nanoTime();
    contender.accept(sample);
    return System.nanoTime() - start;
  }

  private static List<String> row(String what, String name, Latencies latencies) {
    return List.of(
        what,
        name,
        Report.text("%,d", latencies.deciding().getTotalCount()),
        micros(latencies.deciding(), 50),
        micros(latencies.deciding(), 99),
        micros(latencies.deciding(), 99.9),
        micros(latencies.all(), 99),
        micros(latencies.all(), 99.9),
        micros(latencies.queued(), 99),
        micros(latencies.queued(), 99.9));
  }

  private static String micros(Histogram histogram, double percentile) {
    return Report.text("%,.1f", histogram.getValueAtPercentile(percentile) / 1e3);
  }

  private static void goal(
      Report report, Contender.Maker maker, int size, StreamKind kind, Histogram deciding) {
    if (maker.name().equals("heal") && size == Contest.MIDDLE) {
      double micros = deciding.getValueAtPercentile(99) / 1e3;
      report.goal(
          "fact to decision, p99, 200 policies, " + kind.word() + " stream",
          Report.text("%.3f ms", micros / 1e3),
          "under 0.2 ms",
          micros < GOAL_MICROS);
    }
  }
}
