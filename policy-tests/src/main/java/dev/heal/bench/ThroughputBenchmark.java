package dev.heal.bench;

import dev.heal.bench.rival.Contender;
import dev.heal.bench.stream.StreamKind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Facts a second, heal's next to those of others that decide the same. */
final class ThroughputBenchmark implements Benchmark {
  private static final int FEWEST_ROUNDS = 3;
  private static final int MOST_ROUNDS = 500;
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

  /** One line of the table. */
  private record Figure(int samples, int decisions, Stopwatch.Elapsed best) {
    double nanos() {
      return best.processor() * 1e9 / samples;
    }
  }

  @Override
  public void run(Effort effort, Report report) {
    report.section("Facts a second");
    report.note(
        "The thread's own time a sample (Evrete: of all its threads) and samples a second by the"
            + " clock on the wall, the best of"
            + " several runs. All contenders make the same decisions on the same samples, or the"
            + " benchmark stops; heal alone also keeps ladders and budgets, and says why.");
    List<List<String>> rows = new ArrayList<>();
    rows.add(
        List.of(
            "policies, stream",
            "contender",
            "samples",
            "decisions",
            "ns/sample",
            "samples/s",
            "time to heal's"));
    for (int size : sizes) {
      List<Contender.Maker> contenders = Contest.contenders(size);
      for (StreamKind kind : StreamKind.values()) {
        Map<String, Figure> figures = new LinkedHashMap<>();
        contenders.forEach(c -> figures.put(c.name(), figure(c, size, kind, effort)));
        rows(rows, Report.text("%,d, %s", size, kind.word()), figures);
        if (size == Contest.MIDDLE && kind == StreamKind.UNEVENTFUL) {
          goals(report, figures);
        }
      }
      contenders.forEach(Contender.Maker::close);
    }
    report.table(rows);
  }

  /** The best of as many runs as fit into the time; the first ones warm up. */
  private static Figure figure(Contender.Maker maker, int size, StreamKind kind, Effort effort) {
    int samples = effort.of(Contest.samples(size, kind)) / maker.slowness();
    Contest contest = Contest.of(size, kind, Math.max(1, samples));
    double most = effort.perFigure().toNanos() / 1e9;
    Stopwatch.Elapsed best = contest.run(maker);
    Stopwatch whole = Stopwatch.ofThisThread();
    for (int round = 1; round < MOST_ROUNDS; round++) {
      double past = whole.elapsed().wall();
      if (past > (round < FEWEST_ROUNDS ? 5 * most : most)) {
        break;
      }
      best = best.best(contest.run(maker));
    }
    return new Figure(contest.samples().length, contest.decisions(), best);
  }

  private static void rows(List<List<String>> rows, String what, Map<String, Figure> figures) {
    double heal = Objects.requireNonNull(figures.get("heal")).nanos();
    figures.forEach(
        (name, figure) ->
            rows.add(
                List.of(
                    name.equals("heal") ? what : "",
                    name,
                    Report.text("%,d", figure.samples()),
                    Report.text("%,d", figure.decisions()),
                    Report.text("%,.1f", figure.nanos()),
                    Report.text("%,.0f", figure.samples() / figure.best().wall()),
                    Report.text("%.2f ×", figure.nanos() / heal))));
  }

  private static void goals(Report report, Map<String, Figure> figures) {
    double heal = Objects.requireNonNull(figures.get("heal")).nanos();
    double drools = Objects.requireNonNull(figures.get("plain Drools")).nanos() / heal;
    double loop = heal / Objects.requireNonNull(figures.get("plain loop")).nanos();
    report.goal(
        "uneventful samples, 200 policies, against plain Drools",
        Report.text("%.1f times as many", drools),
        "at least 40 times",
        drools >= GOAL_OF_DROOLS);
    report.goal(
        "uneventful samples, 200 policies, against the plain loop",
        Report.text("%.1f times its time", loop),
        "within 3 times",
        loop <= GOAL_OF_LOOP);
  }
}
