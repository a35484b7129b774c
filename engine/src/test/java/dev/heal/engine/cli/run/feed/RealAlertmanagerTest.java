package dev.heal.engine.cli.run.feed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heal.dsl.policy.CheckedPolicy;
import dev.heal.engine.fact.EntityId;
import dev.heal.engine.fact.Fact;
import dev.heal.engine.parts.RealAlertmanager;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real Alertmanager posts to the feed, and is scraped. */
@Tag("real")
class RealAlertmanagerTest {
  private static final EntityId GPU = EntityId.gpu("n1", 3);

  @TempDir private Path folder;
  private final Listened loop = new Listened();

  @Test
  void alertsFireAndAreResolved() throws IOException {
    CheckedPolicy site = Listened.policies("node n1 { gpu 0..7 }");
    InetSocketAddress anywhere = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    try (IngestFeed feed = new IngestFeed(site.site(), "n1", anywhere, Map.of(), loop, loop)) {
      feed.start();
      int port = feed.address().orElseThrow().getPort();
      URI webhook = URI.create("http://127.0.0.1:" + port + "/v1/alerts");
      try (RealAlertmanager alertmanager = RealAlertmanager.start(folder, webhook)) {
        String alert =
            """
            [{"labels":{"alertname":"GpuHot","severity":"critical","Hostname":"n1","gpu":"3"},
              "annotations":{"summary":"91 C for 5 minutes"}%s}]
            """;
        assertThat(alertmanager.post(alert.formatted(""))).isEqualTo(200);
        assertThat(Listened.timeless(loop.next(Fact.Event.class::isInstance)))
            .isEqualTo(told("firing"));

        assertThat(alertmanager.post(alert.formatted(",\"endsAt\":\"2020-01-01T00:00:00Z\"")))
            .isEqualTo(200);
        Fact resolved =
            loop.next(
                fact ->
                    fact instanceof Fact.Event event
                        && "resolved".equals(event.fields().get("status")));
        assertThat(Listened.timeless(resolved)).isEqualTo(told("resolved"));
      }
    }
  }

  private static Fact told(String status) {
    return new Fact.Event(
        0,
        GPU,
        "alert",
        Map.of(
            "name",
            "GpuHot",
            "status",
            status,
            "severity",
            "critical",
            "line",
            "91 C for 5 minutes"));
  }

  @Test
  void itsMetricsAreScraped() throws IOException {
    try (RealAlertmanager alertmanager =
        RealAlertmanager.start(folder, URI.create("http://127.0.0.1:1/"))) {
      CheckedPolicy policies =
          Listened.policies(
              """
              fault filling on service "Too many alerts" {
                when       metric.alertmanager_alerts.sum >= 1 or
                           increase(metric.alertmanager_alerts_received_total) >= 1 over 1m
                clear when metric.alertmanager_alerts.sum < 1
                missing    freeze
              }
              service am on n1 { run ["x"], metrics "%s" every 100ms }
              """
                  .formatted(alertmanager.uri() + "/metrics"));
      try (ScrapeFeed feed = new ScrapeFeed(policies, "n1", loop, () -> 0, loop)) {
        feed.start();
        assertThat(loop.next().facts())
            .extracting(Fact::signal)
            .containsExactly(
                "metric.alertmanager_alerts.sum", "metric.alertmanager_alerts_received_total");
        assertThat(
                alertmanager.post(
                    "[{\"labels\":{\"alertname\":\"A\"}},{\"labels\":{\"alertname\":\"B\"}}]"))
            .isEqualTo(200);
        loop.next(
            fact ->
                fact.signal().equals("metric.alertmanager_alerts.sum")
                    && ((Fact.Sample) fact).value() == 2);
        loop.next(
            fact ->
                fact.signal().equals("metric.alertmanager_alerts_received_total")
                    && ((Fact.Sample) fact).value() == 2);
      }
    }
  }
}
