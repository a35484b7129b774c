package dev.heal.engine.cli.run.feed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heal.engine.fact.EntityId;
import dev.heal.engine.fact.Fact;
import dev.heal.engine.parts.SlowCable;
import dev.heal.engine.source.inbox.Importance;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Round trips to real sockets, and over a real cable. */
class ReferenceFeedTest {
  private static final EntityId N1 = EntityId.node("n1");
  private static final String SOURCE = "reference host";

  private final Listened loop = new Listened();

  private ReferenceFeed feed(String host, int port) {
    return feed("node n1 { reference \"%s:%d\" every 100ms }".formatted(host, port));
  }

  private ReferenceFeed feed(String site) {
    return new ReferenceFeed(Listened.policies(site).site(), "n1", loop, loop);
  }

  private double roundTrip() {
    Listened.Part part = loop.next();
    assertThat(part.source()).isEqualTo(SOURCE);
    assertThat(part.importance()).isEqualTo(Importance.SAMPLE);
    Fact.Sample sample = (Fact.Sample) part.facts().get(0);
    assertThat(part.facts()).containsExactly(sample);
    assertThat(sample.entity()).isEqualTo(N1);
    assertThat(sample.signal()).isEqualTo("net.rtt");
    return sample.value();
  }

  private static Optional<String> trouble(Feed feed) {
    return feed.status().stream()
        .filter(status -> status.source().equals(SOURCE))
        .findFirst()
        .orElseThrow()
        .trouble();
  }

  @Test
  void whoListensAndWhoRefusesHaveAnswered() throws IOException {
    int port;
    try (ServerSocket open = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      port = open.getLocalPort();
      try (ReferenceFeed feed = feed("127.0.0.1", port)) {
        feed.start();
        assertThat(roundTrip()).isBetween(1e-6, 60.0);
        assertThat(roundTrip()).isBetween(1e-6, 60.0);
        assertThat(trouble(feed)).isEmpty();
      }
    }
    loop.forget();
    try (ReferenceFeed feed = feed("127.0.0.1", port)) {
      feed.start();
      assertThat(roundTrip()).isBetween(1e-6, 60.0);
      assertThat(trouble(feed)).isEmpty();
    }
    assertThat(loop.told).isEmpty();
  }

  @Test
  void aNameThatNobodyKnowsIsTroubleAndSilence() {
    try (ReferenceFeed feed = feed("no-such-host.invalid", 443)) {
      feed.start();
      loop.awaitTold(
          "reference host: no-such-host.invalid:443: the name `no-such-host.invalid` cannot be"
              + " resolved");
      assertThat(trouble(feed)).isPresent();
      assertThat(loop.isSilent()).isTrue();
    }
  }

  @Test
  void aSiteThatNamesNoneMeasuresNothing() {
    try (ReferenceFeed feed = feed("node n1 { }\nnode n2 { reference \"127.0.0.1:1\" }")) {
      feed.start();
      assertThat(feed.status()).isEmpty();
    }
  }

  @Test
  @Tag("real")
  void aSlowCableIsMeasuredAndOneThatIsCutIsSilence(@TempDir Path folder) throws IOException {
    try (SlowCable cable = SlowCable.lay(folder);
        ReferenceFeed feed =
            feed("node n1 { reference \"%s:9\" every 500ms }".formatted(cable.host()))) {
      cable.delay(40);
      feed.start();
      assertThat(roundTrip()).as("there and back").isBetween(0.080, 60.0);
      cable.delay(0);
      double least = roundTrip();
      while (least >= 0.080) {
        least = roundTrip(); // what was under way took the time of before
      }
      assertThat(least).isBetween(1e-6, 0.080);

      cable.cut();
      loop.awaitTold("reference host: " + cable.host() + ":9: no answer in 1000 ms");
      assertThat(trouble(feed)).contains(cable.host() + ":9: no answer in 1000 ms");
      loop.forget();
      cable.delay(0);
      loop.awaitTold("reference host: is heard again");
      assertThat(roundTrip()).isBetween(1e-6, 60.0);
      assertThat(trouble(feed)).isEmpty();
    }
  }
}
