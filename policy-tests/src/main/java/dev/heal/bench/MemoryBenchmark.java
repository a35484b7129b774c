package dev.heal.bench;

import dev.heal.bench.rival.Contender;
import dev.heal.bench.rival.Firings;
import dev.heal.bench.rival.Heal;
import dev.heal.bench.stream.SampleStream;
import dev.heal.bench.stream.StreamKind;
import dev.heal.bench.stream.ThresholdRule;
import dev.heal.engine.fact.Fact;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;

/** The heap in use behind millions of facts: it must not grow with what has passed. */
final class MemoryBenchmark implements Benchmark {
  private static final int FACTS = 10_000_000;
  private static final int LOOKS = 10;
  private static final int AT_ONCE = 20_000;
  private static final long SEED = 7;
  private static final double FLAT = 1.1;

  @Override
  public String name() {
    return "memory";
  }

  @Override
  public void run(Effort effort, Report report) {
    report.section("Memory");
    report.note(
        "Heap in use after a collection, %d policies on the quiet stream, which never repeats.",
        Contest.MIDDLE);
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("facts", "decisions", "heap in use, KiB"));
    List<ThresholdRule> rules = ThresholdRule.many(Contest.MIDDLE);
    SampleStream stream =
        new SampleStream(StreamKind.QUIET, ThresholdRule.levels(Contest.MIDDLE), SEED);
    List<Long> heaps = new ArrayList<>();
    Firings firings = new Firings();
    int perLook = effort.of(FACTS) / LOOKS;
    long taken = 0;
    long decisions = 0;
    try (Contender heal = new Heal.Maker().open(rules, firings)) {
      for (int look = 1; look <= LOOKS; look++) {
        while (taken < (long) look * perLook) {
          Fact.Sample[] samples = stream.next(Math.min(AT_ONCE, perLook));
          heal.run(samples);
          taken += samples.length;
          decisions += firings.count();
          firings.forget();
        }
        heaps.add(heapInUse() / 1024);
        rows.add(
            List.of(
                Report.text("%,d", taken),
                Report.text("%,d", decisions),
                Report.text("%,d", heaps.get(look - 1))));
      }
      heal.finish(SampleStream.START);
    }
    report.table(rows);
    double growth = heaps.get(LOOKS - 1) / (double) heaps.get(0);
    report.goal(
        "heap in use after ten times as many facts",
        Report.text("%.2f times (%,d KiB)", growth, heaps.get(LOOKS - 1)),
        "flat (at most 1.1 times)",
        growth <= FLAT);
  }

  /** A collection is asked for until the heap no longer shrinks. */
  static long heapInUse() {
    long used = Long.MAX_VALUE;
    while (true) {
      System.gc();
      long now = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
      if (now >= used - 16 * 1024) {
        return Math.min(now, used);
      }
      used = now;
    }
  }
}
