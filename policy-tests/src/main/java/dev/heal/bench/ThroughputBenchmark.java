package dev.heal.bench;

import dev.heal.bench.Contest.Field;
import dev.heal.bench.rival.Contender;
import dev.heal.bench.rival.Firings;
import dev.heal.bench.stream.StreamKind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Facts a second, heal's next to those of others that decide the same. */
final class ThroughputBenchmark implements Benchmark {
  private static final int MOST_ROUNDS = 400;
  private static final double GOAL_OF_DROOLS = 40;
  private static final double GOAL_OF_LOOP = 3;

  private final int[] sizes;

  ThroughputBenchmark(int... sizes) {
    this.sizes = sizes.clone();
  }

  @Override
  public String name() {
    return "throughput";
  }

  @Override
  public void run(Effort effort, Report report) {
    report.section("Facts a second");
    report.note(
        "Nanoseconds of the thread's own time a sample, the best of several runs; in brackets"
            + " samples a second by the clock on the wall. All decide the same: the number of"
            + " decisions is in the second column.");
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("policies, stream", "decisions", "contender", "ns", "(samples/s)", "to heal"));
    for (int size : sizes) {
      List<Contender.Maker> contenders = Contest.contenders(size);
      for (StreamKind kind : StreamKind.values()) {
        Field field = Field.of(size, kind, effort.of(Contest.samples(size, kind)));
        Map<String, Stopwatch.Elapsed> best = new LinkedHashMap<>();
        contenders.forEach(c -> best.put(c.name(), best(c, field, effort)));
        rows(rows, size, kind, field, best);
        if (size == Contest.MIDDLE && kind == StreamKind.UNEVENTFUL) {
          goals(report, best);
        }
      }
      contenders.forEach(Contender.Maker::close);
    }
    report.table(rows);
  }

  /** The best of as many runs as fit into the time; the first ones warm up. */
  private static Stopwatch.Elapsed best(Contender.Maker maker, Field field, Effort effort) {
    double wall = Double.MAX_VALUE;
    double thread = Double.MAX_VALUE;
    Stopwatch whole = new Stopwatch();
    for (int round = 0; round < MOST_ROUNDS; round++) {
      Firings firings = new Firings();
      try (Contender contender = maker.open(field.rules(), firings)) {
        Stopwatch watch = new Stopwatch();
        contender.run(field.samples());
        Stopwatch.Elapsed elapsed = watch.elapsed();
        contender.finish(field.last());
        wall = Math.min(wall, elapsed.wall());
        thread = Math.min(thread, elapsed.thread());
      }
      field.agree(maker.name(), firings);
      if (whole.elapsed().thread() > effort.perFigure().toNanos() / 1e9) {
        break;
      }
    }
    return new Stopwatch.Elapsed(wall, thread);
  }

  private static void rows(
      List<List<String>> rows,
      int size,
      StreamKind kind,
      Field field,
      Map<String, Stopwatch.Elapsed> best) {
    double heal = Objects.requireNonNull(best.get("heal")).thread();
    int samples = field.samples().length;
    boolean first = true;
    for (Map.Entry<String, Stopwatch.Elapsed> entry : best.entrySet()) {
      Stopwatch.Elapsed elapsed = entry.getValue();
      rows.add(
          List.of(
              first ? Report.text("%,d, %s", size, kind.word()) : "",
              first ? Report.text("%,d", field.decisions().count()) : "",
              entry.getKey(),
              Report.text("%,.1f", elapsed.thread() * 1e9 / samples),
              Report.text("(%,.0f)", samples / elapsed.wall()),
              Report.text("%.2f ×", elapsed.thread() / heal)));
      first = false;
    }
  }

  private static void goals(Report report, Map<String, Stopwatch.Elapsed> best) {
    double heal = Objects.requireNonNull(best.get("heal")).thread();
    double drools = Objects.requireNonNull(best.get("plain Drools")).thread() / heal;
    double loop = heal / Objects.requireNonNull(best.get("plain loop")).thread();
    report.goal(
        "uneventful samples, 200 policies, against plain Drools",
        Report.text("%.0f times as many", drools),
        "at least 40 times",
        drools >= GOAL_OF_DROOLS);
    report.goal(
        "uneventful samples, 200 policies, against the plain loop",
        Report.text("%.1f times its time", loop),
        "within 3 times",
        loop <= GOAL_OF_LOOP);
  }
}
