package dev.heal.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The benchmarks run, and all contenders decide the same: otherwise they stop with an error. */
class BenchmarksTest {
  @Test
  void allContendersDecideTheSame() throws IOException {
    List<String> lines = new ArrayList<>();
    Report report = new Report(false, lines::add);

    new ThroughputBenchmark(20, 200).run(Effort.TEST, report);
    new LatencyBenchmark(20).run(Effort.TEST, report);
    new MemoryBenchmark().run(Effort.TEST, report);
    report.finish();

    assertThat(String.join("\n", lines)).contains("plain Drools", "Evrete", "CEL", "heap in use");
  }
}
