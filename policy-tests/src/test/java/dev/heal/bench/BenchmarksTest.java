package dev.heal.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heal.bench.rival.Contender;
import dev.heal.bench.rival.Firings;
import dev.heal.bench.stream.StreamKind;
import dev.heal.engine.fact.EntityId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The benchmarks run, and compare only what decides the same. How fast is not asserted. */
class BenchmarksTest {
  /** Two minutes: long enough for every {@code for} of the rules. */
  private static final int SAMPLES = 9_600;

  @ParameterizedTest
  @EnumSource(StreamKind.class)
  void allContendersDecideTheSame(StreamKind kind) {
    Contest contest = Contest.of(20, kind, SAMPLES);
    for (Contender.Maker maker : Contest.contenders(Contest.MIDDLE)) {
      contest.run(maker); // throws where it decides otherwise
      maker.close();
    }
    assertThat(contest.decisions() > 0).isEqualTo(kind != StreamKind.UNEVENTFUL);
  }

  @Test
  void aContenderThatDecidesOtherwiseStopsTheBenchmark() {
    Contest contest = Contest.of(20, StreamKind.NOISY, SAMPLES);

    assertThatThrownBy(() -> contest.agree("a dull engine", new Firings()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("a dull engine decides 0 times");
  }

  @Test
  void theSameDecisionsInAnotherOrderAreTheSame() {
    Firings one = new Firings();
    one.fired("p1", EntityId.gpu("n1", 0), 5);
    one.fired("p2", EntityId.gpu("n1", 1), 5);
    Firings other = new Firings();
    other.fired("p2", EntityId.gpu("n1", 1), 5);
    other.fired("p1", EntityId.gpu("n1", 0), 5);
    Firings late = new Firings();
    late.fired("p1", EntityId.gpu("n1", 0), 5);
    late.fired("p2", EntityId.gpu("n1", 1), 6);

    assertThat(one.digest()).isEqualTo(other.digest()).isNotEqualTo(late.digest());
  }

  @Test
  void everyBenchmarkRunsAndReports() throws IOException {
    List<String> lines = new ArrayList<>();
    Report report = new Report(false, lines::add);
    Checkout nowhere = new Checkout(Path.of("no such folder"));

    new ThroughputBenchmark(20).run(Effort.TEST, report);
    new LatencyBenchmark(20).run(Effort.TEST, report);
    new CompileBenchmark(nowhere, 20).run(Effort.TEST, report);
    new RuleBuildBenchmark(20).run(Effort.TEST, report);
    new LogParserBenchmark().run(Effort.TEST, report);
    new MemoryBenchmark().run(Effort.TEST, report);
    new DayBenchmark(nowhere).run(Effort.TEST, report);
    report.finish();

    assertThat(String.join("\n", lines))
        .contains(
            "== Facts a second",
            "plain Drools",
            "== From the fact to the decision",
            "== From text to rules",
            "== Rules",
            "== Log lines a second",
            "== Memory",
            "the day is left out",
            "== The goals of the design");
  }

  @Test
  void aTableIsAlignedAsTextAndWholeAsMarkdown() {
    List<List<String>> rows = List.of(List.of("what", "ns"), List.of("heal", "12"));
    List<String> text = new ArrayList<>();
    new Report(false, text::add).table(rows);
    List<String> markdown = new ArrayList<>();
    new Report(true, markdown::add).table(rows);

    assertThat(text).containsExactly("what  ns", "heal  12");
    assertThat(markdown).containsExactly("| what | ns |", "|------|---:|", "| heal | 12 |", "");
  }

  @Test
  void onlyTheFiguresOfThePageAreReplaced(@TempDir Path folder) throws IOException {
    Path page = folder.resolve("benchmarks.md");
    Files.write(page, List.of("# Text", FiguresPage.FROM, "old", FiguresPage.TO, "more"));

    FiguresPage.write(page, List.of("new"));

    assertThat(page)
        .hasContent(
            String.join("\n", "# Text", FiguresPage.FROM, "", "new", FiguresPage.TO, "more"));
  }

  @Test
  void aPageWithoutAPlaceForFiguresIsLeftAsItIs(@TempDir Path folder) throws IOException {
    Path page = folder.resolve("benchmarks.md");
    Files.write(page, List.of("# Text"));

    assertThatThrownBy(() -> FiguresPage.write(page, List.of("new")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("has no place for figures");
    assertThat(page).hasContent("# Text");
  }
}
