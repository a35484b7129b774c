package dev.heal.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** All benchmarks, in one process: {@code [--quick] [--markdown] [NAME…]}. */
public final class Benchmarks {
  private Benchmarks() {}

  static List<Benchmark> all(Checkout checkout) {
    return List.of(
        new ThroughputBenchmark(20, 200, 2_000),
        new LatencyBenchmark(20, 200, 2_000),
        new CompileBenchmark(checkout, 20, 200, 2_000),
        new RuleBuildBenchmark(20, 200, 2_000),
        new LogParserBenchmark(),
        new MemoryBenchmark(),
        new DayBenchmark(checkout));
  }

  /** Prints the figures of the named benchmarks, or of all. */
  public static void main(String[] arguments) throws IOException {
    Checkout checkout = Checkout.ofProperty();
    List<String> names = new ArrayList<>(List.of(arguments));
    boolean markdown = names.remove("--markdown");
    Effort effort = names.remove("--quick") ? Effort.QUICK : Effort.FULL;
    List<Benchmark> known = all(checkout);
    List<String> unknown = new ArrayList<>(names);
    unknown.removeAll(known.stream().map(Benchmark::name).toList());
    if (!unknown.isEmpty()) {
      System.err.printf(
          "`%s` is no benchmark; there are %s; options are --quick and --markdown%n",
          unknown.get(0), String.join(", ", known.stream().map(Benchmark::name).toList()));
      System.exit(2);
    }
    List<String> lines = new ArrayList<>();
    Report report =
        new Report(
            markdown,
            line -> {
              System.out.println(line);
              lines.add(line);
            });
    report.note("%s", Machine.words(effort));
    for (Benchmark benchmark : known) {
      if (names.isEmpty() || names.contains(benchmark.name())) {
        benchmark.run(effort, report);
      }
    }
    report.finish();
    report.note("%s", Machine.load());
    if (markdown && names.isEmpty() && effort == Effort.FULL) {
      FiguresPage.write(checkout.path("docs/benchmarks.md"), lines);
    }
  }
}
