package dev.heal.engine.cli.run.feed;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.heal.engine.fact.EntityId;
import dev.heal.engine.fact.Fact;
import dev.heal.engine.source.inbox.Importance;
import dev.heal.nvml.fake.FakeMachine;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An endpoint that is well, then sick, then well again. */
class ScrapeFeedTest {
  private static final EntityId LLM = EntityId.service("n1", "llm");
  private static final String METRICS =
      """
      # TYPE vllm:num_requests_waiting gauge
      vllm:num_requests_waiting{engine="0"} 3
      vllm:num_requests_waiting{engine="1"} 4
      # TYPE vllm:aborted counter
      vllm:aborted_total{reason="a"} 5
      vllm:aborted_total{reason="b"} 6
      cache_usage +Inf
      other 1
      """;

  private final Listened loop = new Listened();
  private HttpServer server;
  private volatile int status = 200;

  @BeforeEach
  void serve() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/metrics",
        exchange -> {
          byte[] body = METRICS.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(status, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private ScrapeFeed feed(String policies) {
    String site =
        """
        service llm on n1 {
          run ["x"]
          metrics "http://127.0.0.1:%1$d/metrics" every 100ms
        }
        service other on n2 {
          run ["x"]
          metrics "http://127.0.0.1:%1$d/metrics" every 100ms
        }
        job j7 { nodes [n1], metrics "http://127.0.0.1:%1$d/metrics" every 100ms }
        """
            .formatted(server.getAddress().getPort());
    return new ScrapeFeed(Listened.policies(policies + site), "n1", loop, () -> 0, loop);
  }

  @Test
  void onlyWhatPoliciesReadIsTakenAndASickEndpointIsSilent() {
    ScrapeFeed feed =
        feed(
            """
            fault full on service "Too many wait" {
              when metric.vllm_num_requests_waiting >= 100 or metric.vllm_num_requests_waiting.sum >= 9 or
                metric.vllm_num_requests_waiting.min >= 1 or metric.cache_usage >= 1 or
                increase(metric.vllm_aborted_total) >= 10 over 1m
              clear when metric.vllm_num_requests_waiting < 10
              missing freeze
            }
            """);
    feed.start();
    try (feed) {
      Listened.Part part = loop.next();

      assertThat(part)
          .isEqualTo(
              new Listened.Part(
                  Importance.SAMPLE,
                  "metrics of service:n1/llm",
                  List.of(
                      sample("metric.vllm_aborted_total", 11),
                      sample("metric.vllm_num_requests_waiting", 4),
                      sample("metric.vllm_num_requests_waiting.min", 3),
                      sample("metric.vllm_num_requests_waiting.sum", 7))));

      status = 503;
      loop.awaitTold("metrics of service:n1/llm: cannot be read: status 503");
      loop.forget();
      long failed = failed(feed);
      FakeMachine.await(() -> failed(feed) >= failed + 3);
      assertThat(loop.isSilent()).isTrue();
      assertThat(feed.status().get(0).trouble()).contains("cannot be read: status 503");

      status = 200;
      loop.awaitTold("metrics of service:n1/llm: is heard again");
      assertThat(loop.next().facts()).hasSize(4);
      assertThat(feed.status())
          .singleElement()
          .extracting(SourceStatus::trouble)
          .isEqualTo(Optional.empty());
      assertThat(feed.status().get(0).counts()).containsKeys("scrapes", "infinite values");
    }
  }

  private static long failed(ScrapeFeed feed) {
    return feed.status().get(0).counts().getOrDefault("failed scrapes", 0L);
  }

  private static Fact sample(String signal, double value) {
    return new Fact.Sample(1, LLM, signal, value);
  }

  @Test
  void nobodyIsAskedForWhatNoPolicyReads() {
    ScrapeFeed feed = feed("");
    feed.start();
    try (feed) {
      assertThat(feed.status()).isEmpty();
    }
  }

  @Test
  void aMetricIsMissedAsOftenAsItsSiteSays() {
    var policies =
        Listened.policies(
            "service llm on n1 { run [\"x\"], metrics \"http://127.0.0.1:1/metrics\" every 1m }");
    var topology = new dev.heal.engine.fact.Topology(policies.site());
    assertThat(topology.interval(LLM, "metric.whatever")).contains(java.time.Duration.ofMinutes(1));
    assertThat(topology.interval(LLM, "health.ok")).isEmpty();
  }
}
