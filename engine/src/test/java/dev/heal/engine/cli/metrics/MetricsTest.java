package dev.heal.engine.cli.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heal.engine.cli.control.status.StatusPage;
import dev.heal.engine.cli.run.Daemon;
import dev.heal.engine.cli.run.SiteFile;
import dev.heal.engine.cli.run.Watched;
import dev.heal.engine.parts.Promtool;
import dev.heal.engine.record.Entry;
import dev.heal.nvml.NvmlOptions;
import dev.heal.nvml.fake.FakeMachine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Prometheus reads of a running engine that repairs something. */
class MetricsTest {
  private static final String SITE =
      """
      heal 1
      node n1 { pool "inference" }
      service worker on n1 {
        run     ["sleep", "600"]
        restart via supervised
      }
      pager oncall { command ["/bin/true"] }
      fault crashed on service "It was killed" {
        when  process exits with signal in [SIGKILL]
        clear after 10m
      }
      policy revive {
        mode enforce
        on crashed, within 30s, attempts 3 over 10m
        try     { restart service { fresh }, takes 1s, confirm process.running for 2s, timeout 60s }
        give up { page oncall }
      }
      """;

  @TempDir private Path folder;

  private static final class Counted extends Watched {
    private final Metrics metrics;

    Counted(Metrics metrics) {
      this.metrics = metrics;
    }

    @Override
    public void entry(Entry entry, OptionalLong incident) {
      super.entry(entry, incident);
      metrics.entry(entry);
    }
  }

  private Daemon.Settings settings() {
    return new Daemon.Settings(
        SiteFile.in(folder.resolve("policies"), SITE),
        folder.resolve("state"),
        "n1",
        NvmlOptions.ofThisHost(),
        Optional.empty(),
        Optional.empty(),
        true);
  }

  private static String scrape(InetSocketAddress at) {
    try {
      return HttpClient.newHttpClient()
          .send(
              HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + at.getPort() + "/metrics"))
                  .build(),
              HttpResponse.BodyHandlers.ofString())
          .body();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Optional<StatusPage> page(Daemon daemon) {
    try {
      return Optional.of(daemon.page().get());
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  private static InetSocketAddress anyPort() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }

  @Test
  void aRepairIsSeenInTheFiguresAndPrometheusTakesThem() throws IOException {
    String text;
    try (Metrics metrics = new Metrics("1.2.3");
        Daemon daemon = new Daemon(settings(), new Counted(metrics), metrics.meter())) {
      daemon.start();
      InetSocketAddress at = metrics.serve(anyPort(), () -> page(daemon));
      FakeMachine.await(() -> !daemon.running().isEmpty());
      long process = Long.parseLong(daemon.running().get(0).replaceAll("\\D+", ""));
      assertThat(ProcessHandle.of(process).orElseThrow().destroyForcibly()).isTrue();
      FakeMachine.await(
          () ->
              scrape(at)
                  .contains(
                      "heal_repairs_ended_total{policy=\"revive\",result=\"repaired\"} 1.0\n"));
      text = scrape(at);
    }
    assertThat(text)
        .contains(
            "heal_faults_raised_total{fault=\"crashed\"} 1.0\n",
            "heal_orders_total{outcome=\"done\",purpose=\"step\",verb=\"restart\"} 1.0\n",
            "heal_deadlines_total{result=\"met\"} 1.0\n",
            "heal_deadlines_total{result=\"missed\"} 0.0\n",
            "heal_decision_to_done_seconds_count{verb=\"restart\"} 1\n",
            "heal_decision_to_start_seconds_count 1\n",
            "heal_loop_responding 1.0\n",
            "heal_journal_writable 1.0\n",
            "heal_mode{mode=\"enforcing\"} 1.0\n",
            "heal_mode{mode=\"paused\"} 0.0\n",
            "heal_policies{mode=\"enforce\"} 1.0\n",
            "heal_queue_depth 0.0\n",
            "heal_source_silent{source=\"child worker\"} 0.0\n",
            "heal_source_last_heard_timestamp_seconds{source=\"child worker\"} ",
            "heal_build_info{java=\"" + Runtime.version() + "\",version=\"1.2.3\"} 1\n",
            "process_resident_memory_bytes ")
        .containsPattern("heal_fact_to_decision_seconds_count [1-9]")
        .containsPattern("heal_journal_commit_seconds_count [1-9]");
    assertThat(undocumented(text)).isEmpty();
    assertThat(Promtool.check(text, folder)).isEmpty();
  }

  /** What the operators' page does not name. */
  private static List<String> undocumented(String text) throws IOException {
    String page = Files.readString(Path.of("..", "docs", "operations.md"));
    return text.lines()
        .filter(line -> line.startsWith("# TYPE heal_"))
        .map(line -> line.split(" ", -1)[2])
        .filter(name -> !page.contains("`" + name + "`"))
        .toList();
  }

  @Test
  void anEngineThatDoesNotAnswerIsSeenAsThat() throws IOException {
    try (Metrics metrics = new Metrics("1.2.3")) {
      InetSocketAddress at = metrics.serve(anyPort(), Optional::empty);
      assertThat(scrape(at))
          .contains("heal_loop_responding 0.0\n")
          .doesNotContain("heal_mode", "heal_queue_depth", "heal_journal_writable");
    }
  }
}
