package dev.heal.engine.cli.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heal.engine.parts.CrashingConsumer;
import dev.heal.engine.parts.RealCertificates;
import dev.heal.engine.parts.RealRedis;
import dev.heal.engine.record.EntryType;
import dev.heal.nvml.NvmlOptions;
import dev.heal.nvml.fake.FakeMachine;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.StreamEntryID;
import redis.clients.jedis.params.XAddParams;
import redis.clients.jedis.resps.StreamEntry;

/**
 * Requests that kill, the whole way: a real Redis, a worker that SIGKILL ends with requests in its
 * hands, and an engine that starts it again.
 */
@Tag("real")
class PoisonTest {
  private static final int REQUESTS = 60;
  private static final String SITE =
      """
      heal 1
      node n1 { }
      service llm on n1 {
        run     ["@JAVA@", "-XX:TieredStopAtLevel=1", "-cp", "@PATH@", "@MAIN@", "@PORT@", "requests", "workers", "llm-1"@MORE@]
        queue   "@QUEUE@" { consumer "llm-*"@HOW@ }
        restart via supervised
      }
      pager oncall { command ["/bin/true"] }
      fault crashed on service "It was killed" {
        when  process exits with signal in [SIGKILL]
        clear after 10m
      }
      policy revive {
        mode enforce
        on crashed, within 60s, attempts 9 over 10m
        try     { restart service { skip poison }, takes 1s, confirm process.running for 2s, timeout 5s, repeat 5 backoff 100ms..200ms }
        give up { page oncall }
      }
      """;

  @TempDir private Path folder;

  private final Watched observer = new Watched();

  private Daemon.Settings settings(RealRedis redis, String queue, String more, String how) {
    String site =
        SITE.replace("@JAVA@", ProcessHandle.current().info().command().orElseThrow())
            .replace("@PATH@", System.getProperty("java.class.path"))
            .replace("@MAIN@", CrashingConsumer.class.getName())
            .replace("@PORT@", Integer.toString(redis.port()))
            .replace("@QUEUE@", queue)
            .replace("@MORE@", more)
            .replace("@HOW@", how);
    return new Daemon.Settings(
        SiteFile.in(folder.resolve("policies"), site),
        folder.resolve("state"),
        "n1",
        NvmlOptions.ofThisHost(),
        Optional.empty(),
        Optional.empty(),
        true);
  }

  /** How often each prompt was answered, or laid aside. */
  private static Map<String, Integer> ends(Jedis client) {
    Map<String, Integer> ends = new HashMap<>();
    client.hgetAll("answers").forEach((p, n) -> ends.merge(p, Integer.parseInt(n), Integer::sum));
    for (StreamEntry letter : client.xrange("requests.dead", "-", "+")) {
      ends.merge(letter.getFields().get("prompt"), 1, Integer::sum);
    }
    return ends;
  }

  private void everyRequestEndsOnce(String more, String how) throws IOException {
    try (RealRedis redis = RealRedis.start(folder)) {
      everyRequestEndsOnce(redis, redis.url("requests", "workers"), more, how);
    }
  }

  private void everyRequestEndsOnce(RealRedis redis, String queue, String more, String how)
      throws IOException {
    try (Jedis client = redis.client()) {
      String unused = client.xgroupCreate("requests", "workers", new StreamEntryID("0-0"), true);
      for (int i = 0; i < REQUESTS; i++) {
        String prompt = i == REQUESTS / 2 ? "poison" : "p" + i;
        client.xadd("requests", Map.of("prompt", prompt), XAddParams.xAddParams());
      }
      try (Daemon daemon = new Daemon(settings(redis, queue, more, how), observer)) {
        daemon.start();

        FakeMachine.await(() -> ends(client).size() == REQUESTS);
        FakeMachine.await(
            () -> observer.entries.stream().anyMatch(e -> e.type() == EntryType.ENDED));
        assertThat(daemon.process("llm")).as("the service stays up").isPresent();
      }

      assertThat(ends(client).values()).as("each ends once").containsOnly(1);
      assertThat(client.hget("answers", "poison")).isNull();
      assertThat(client.xpending("requests", "workers").getTotal()).isZero();
      assertThat(client.xrange("requests.dead", "-", "+"))
          .as("in flight at two crashes")
          .anySatisfy(letter -> assertThat(letter.getFields()).containsEntry("prompt", "poison"))
          .allSatisfy(
              letter ->
                  assertThat(letter.getFields())
                      .containsEntry("heal.crashes", "2")
                      .containsEntry("heal.consumer", "llm-1")
                      .containsKeys("heal.id", "heal.reason", "heal.order")
                      .extractingByKey("heal.incident")
                      .asString()
                      .contains("crashed of service:n1/llm"));
      assertThat(observer.entries).noneMatch(e -> e.type() == EntryType.GAVE_UP);
    }
  }

  @Test
  void addedAnewEveryRequestIsAnsweredOnceOrIsADeadLetter() throws IOException {
    everyRequestEndsOnce("", "");
  }

  @Test
  void overTlsItIsTheSame() throws IOException, GeneralSecurityException {
    RealCertificates certificates =
        RealCertificates.in(folder).sign("redis", "DNS:localhost,IP:127.0.0.1", 2);
    SSLContext before = SSLContext.getDefault();
    SSLContext.setDefault(certificates.trusted()); // as an engine begins with its trustStore
    try (RealRedis redis = RealRedis.start(folder, certificates, "redis", false)) {
      everyRequestEndsOnce(redis, redis.safeUrl("requests", "workers"), "", "");
    } finally {
      SSLContext.setDefault(before);
    }
  }

  @Test
  void keptPendingEveryRequestIsAnsweredOnceOrIsADeadLetter() throws IOException {
    everyRequestEndsOnce(", \"pending\"", ", redeliver pending");
  }
}
