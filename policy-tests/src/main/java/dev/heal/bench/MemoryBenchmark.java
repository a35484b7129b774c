package dev.heal.bench;

import dev.heal.bench.Contest.Field;
import dev.heal.bench.rival.Contender;
import dev.heal.bench.rival.Firings;
import dev.heal.bench.rival.Heal;
import dev.heal.bench.stream.StreamKind;
import dev.heal.engine.fact.Fact;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.util.ArrayList;
import java.util.List;

/** The heap in use behind millions of facts, after a collection each time. */
final class MemoryBenchmark implements Benchmark {
  private static final int FACTS = 10_000_000;
  private static final int LOOKS = 5;

  @Override
  public String name() {
    return "memory";
  }

  @Override
  public void run(Effort effort, Report report) {
    report.section("Memory");
    Field field = Field.of(Contest.MIDDLE, StreamKind.QUIET, effort.of(200_000));
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("facts, 200 policies", "heap in use"));
    int facts = effort.of(FACTS);
    long span = field.last() - field.samples()[0].at() + 1_000_000_000L;
    Firings firings = new Firings();
    try (Contender heal = new Heal.Maker().open(field.rules(), firings)) {
      int taken = 0;
      int nextLook = facts / LOOKS;
      for (int pass = 0; taken < facts; pass++) {
        for (Fact.Sample sample : field.samples()) {
          heal.accept(
              new Fact.Sample(
                  sample.at() + pass * span, sample.entity(), sample.signal(), sample.value()));
          if (++taken >= nextLook) {
            rows.add(
                List.of(Report.text("%,d", taken), Report.text("%,d KiB", heapInUse() / 1024)));
            nextLook += facts / LOOKS;
          }
        }
      }
    }
    report.table(rows);
  }

  private static long heapInUse() {
    MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
    memory.gc();
    return memory.getHeapMemoryUsage().getUsed();
  }
}
