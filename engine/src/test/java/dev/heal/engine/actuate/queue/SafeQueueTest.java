package dev.heal.engine.actuate.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heal.dsl.policy.Queue;
import dev.heal.dsl.policy.Queue.Redelivery;
import dev.heal.engine.parts.RealCertificates;
import dev.heal.engine.parts.RealRedis;
import dev.heal.engine.schedule.Outcome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.StreamEntryID;
import redis.clients.jedis.params.XAddParams;
import redis.clients.jedis.params.XReadGroupParams;

/**
 * {@code queue "rediss://…"}: a real Redis over TLS, and a virtual machine with stores of its own.
 */
@Tag("real")
class SafeQueueTest {
  private static final String STAYS = ": what is pending stays where it is";

  @TempDir private static Path folder;
  private static RealCertificates certificates;

  @BeforeAll
  static void sign() {
    certificates =
        RealCertificates.in(folder)
            .sign("server", "DNS:localhost,IP:127.0.0.1", 2)
            .sign("elsewhere", "DNS:redis.example.org", 2)
            .sign("old", "DNS:localhost,IP:127.0.0.1", -1)
            .sign("client", "DNS:heal", 2);
  }

  /** Hands back what was pending, as an engine does that was started with these options. */
  static final class Engine {
    private Engine() {}

    public static void main(String[] args) throws InterruptedException {
      boolean tls = args[2].equals("tls");
      Queue.Server server =
          new Queue.Server(
              args[0], Integer.parseInt(args[1]), tls, 0, Optional.empty(), Optional.empty());
      RequestQueue queue =
          new RequestQueue(
              new Queue(
                  server,
                  "requests",
                  "workers",
                  List.of("llm"),
                  2,
                  Redelivery.ANEW,
                  Duration.ofMinutes(1)));
      Outcome outcome =
          queue.takeBack(
              new TakeBack("r1-1", "it dies of it", "7: crashed", TakeBack.Dead.ALL, true, true));
      System.out.println(outcome.kind() + " " + outcome.because());
    }
  }

  private static String takenBack(String host, int port, boolean tls, String... options)
      throws IOException {
    List<String> argv = new ArrayList<>();
    argv.add(ProcessHandle.current().info().command().orElseThrow());
    argv.add("-XX:TieredStopAtLevel=1");
    argv.addAll(List.of(options));
    argv.addAll(List.of("-cp", System.getProperty("java.class.path"), Engine.class.getName()));
    argv.addAll(List.of(host, Integer.toString(port), tls ? "tls" : "plain"));
    Process engine =
        new ProcessBuilder(argv).redirectError(folder.resolve("engine.err").toFile()).start();
    return new String(engine.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
  }

  private static String[] trusting() {
    return new String[] {
      "-Djavax.net.ssl.trustStore=" + certificates.trust(),
      "-Djavax.net.ssl.trustStorePassword=" + RealCertificates.PASSWORD
    };
  }

  /** One request is pending with a consumer that is dead. */
  private static void pending(Jedis client) {
    String unused = client.xgroupCreate("requests", "workers", new StreamEntryID("0-0"), true);
    client.xadd("requests", Map.of("prompt", "a"), XAddParams.xAddParams());
    client.xreadGroup(
        "workers",
        "llm",
        XReadGroupParams.xReadGroupParams().count(1),
        Map.of("requests", StreamEntryID.XREADGROUP_UNDELIVERED_ENTRY));
    assertThat(client.xpending("requests", "workers").getTotal()).isEqualTo(1);
  }

  private RealRedis redis(String certificate, boolean asksClients) throws IOException {
    Path own = Files.createTempDirectory(folder, "redis");
    return RealRedis.start(own, certificates, certificate, asksClients);
  }

  @Test
  void whatIsPendingIsHandedBackOverTls() throws IOException {
    try (RealRedis redis = redis("server", false);
        Jedis client = redis.client()) {
      pending(client);
      assertThat(takenBack("localhost", redis.tlsPort(), true, trusting()))
          .isEqualTo("DONE 1 request of `llm` handed back");
      assertThat(client.xpending("requests", "workers").getTotal()).isZero();
    }
  }

  @Test
  void whomHealDoesNotTrustIsAskedNothing() throws IOException {
    try (RealRedis redis = redis("server", false);
        Jedis client = redis.client()) {
      pending(client);
      String server = "rediss://localhost:" + redis.tlsPort();
      assertThat(takenBack("localhost", redis.tlsPort(), true))
          .isEqualTo(
              "FAILED "
                  + server
                  + " cannot be reached, its certificate is signed by nobody whom heal trusts, by"
                  + " the store named by javax.net.ssl.trustStore in HEAL_JAVA_OPTS"
                  + STAYS);
      assertThat(
              takenBack(
                  "localhost",
                  redis.tlsPort(),
                  true,
                  "-Djavax.net.ssl.trustStore=" + folder.resolve("nothing")))
          .endsWith(
              "signed by nobody whom heal trusts, for `%s` of javax.net.ssl.trustStore cannot be read"
                      .formatted(folder.resolve("nothing"))
                  + STAYS);
      assertThat(
              takenBack(
                  "localhost",
                  redis.tlsPort(),
                  true,
                  "-Djavax.net.ssl.trustStore=" + certificates.trust(),
                  "-Djavax.net.ssl.trustStorePassword=wrong"))
          .isEqualTo(
              "REFUSED "
                  + server
                  + " needs TLS, and a store named by javax.net.ssl.trustStore or keyStore in"
                  + " HEAL_JAVA_OPTS cannot be read: check its path and its password");
      assertThat(client.xpending("requests", "workers").getTotal()).isEqualTo(1);
    }
  }

  @Test
  void aCertificateOfAnotherHostOrOfThePastIsNone() throws IOException {
    try (RealRedis redis = redis("elsewhere", false)) {
      assertThat(takenBack("localhost", redis.tlsPort(), true, trusting()))
          .endsWith("cannot be reached, its certificate is not for `localhost`" + STAYS);
    }
    try (RealRedis redis = redis("old", false)) {
      assertThat(takenBack("localhost", redis.tlsPort(), true, trusting()))
          .endsWith("cannot be reached, its certificate has expired" + STAYS);
    }
  }

  @Test
  void aRedisThatAsksForACertificateGetsHeals() throws IOException {
    try (RealRedis redis = redis("server", true);
        Jedis client = redis.client()) {
      pending(client);
      assertThat(takenBack("localhost", redis.tlsPort(), true, trusting()))
          .startsWith("FAILED ")
          .contains("it wants a certificate of heal's own")
          .endsWith("from the store named by javax.net.ssl.keyStore in HEAL_JAVA_OPTS" + STAYS);
      List<String> options = new ArrayList<>(List.of(trusting()));
      options.add("-Djavax.net.ssl.keyStore=" + certificates.own("client"));
      options.add("-Djavax.net.ssl.keyStorePassword=" + RealCertificates.PASSWORD);
      assertThat(takenBack("localhost", redis.tlsPort(), true, options.toArray(String[]::new)))
          .isEqualTo("DONE 1 request of `llm` handed back");
    }
  }

  @Test
  void tlsAndNoneAreToldApart() throws IOException {
    try (RealRedis redis = redis("server", false)) {
      assertThat(takenBack("localhost", redis.port(), true, trusting()))
          .endsWith("cannot be reached, it does not answer to TLS there" + STAYS);
      assertThat(takenBack("localhost", redis.tlsPort(), false))
          .isEqualTo(
              "FAILED redis://localhost:%d cannot be reached, it hangs up on the first word, perhaps"
                      .formatted(redis.tlsPort())
                  + " it takes TLS alone: `rediss://`"
                  + STAYS);
    }
  }
}
