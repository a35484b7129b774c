package dev.heal.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** All benchmarks of the engine in one process: {@code [--quick] [--markdown] [NAME…]}. */
public final class Benchmarks {
  private Benchmarks() {}

  static List<Benchmark> all() {
    return List.of(
        new ThroughputBenchmark(20, 200, 2_000),
        new LatencyBenchmark(20, 200, 2_000),
        new MemoryBenchmark());
  }

  /** Prints the figures of the named benchmarks, or of all. */
  public static void main(String[] arguments) throws IOException {
    List<String> names = new ArrayList<>(List.of(arguments));
    boolean markdown = names.remove("--markdown");
    Effort effort = names.remove("--quick") ? Effort.QUICK : Effort.FULL;
    List<String> known = all().stream().map(Benchmark::name).toList();
    for (String name : names) {
      if (!known.contains(name)) {
        System.err.println("`" + name + "` is no benchmark; there are " + String.join(", ", known));
        System.exit(2);
      }
    }
    Report report = new Report(markdown, System.out::println);
    report.note(
        "%d processors, Java %s, load %.1f, %s",
        Runtime.getRuntime().availableProcessors(),
        Runtime.version().toString(),
        ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage(),
        effort.name().toLowerCase(Locale.ROOT));
    for (Benchmark benchmark : all()) {
      if (names.isEmpty() || names.contains(benchmark.name())) {
        benchmark.run(effort, report);
      }
    }
    report.finish();
  }
}
