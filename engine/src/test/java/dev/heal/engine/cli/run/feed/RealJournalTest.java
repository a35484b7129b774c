package dev.heal.engine.cli.run.feed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heal.dsl.policy.CheckedPolicy;
import dev.heal.engine.fact.EntityId;
import dev.heal.engine.fact.Fact;
import dev.heal.engine.fact.host.LogInterest;
import dev.heal.engine.parts.RealSystemd;
import dev.heal.engine.source.inbox.Importance;
import dev.heal.nvml.fake.FakeMachine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The journal of a real journald, with units that write to it. */
@Tag("real")
class RealJournalTest {
  private static final EntityId LLM = EntityId.service("n1", "llm");
  private static final int LINES = 3000;

  /** Writes what it is given. */
  private static final String WRITER =
      """
      [Service]
      ExecStart=/bin/sh -c 'until test -e /run/go; do sleep 0.02; done; cat /run/go'
      """;

  private static final String COUNTER =
      """
      [Service]
      ExecStart=/bin/sh -c 'i=0; while [ $$i -lt 3000 ]; do i=$$((i+1)); echo "line $$i"; [ $$((i %% 10)) -ne 0 ] || sleep 0.01; done'
      LogRateLimitIntervalSec=0
      """;

  @TempDir private static Path folder;
  private static RealSystemd systemd;

  private final Listened loop = new Listened();
  private final Kept kept = new Kept();

  @BeforeAll
  static void boot() throws IOException {
    systemd =
        RealSystemd.with(
            Map.of("writer.service", WRITER, "counter.service", COUNTER, "other.service", WRITER),
            folder);
  }

  @AfterAll
  static void halt() {
    if (systemd != null) {
      systemd.close();
    }
  }

  private JournalFeed feed(String unit) {
    CheckedPolicy policies =
        Listened.policies(
            """
            fault sick on service "It says so" {
              when        log matches `model .* is sick`
              clear after 1m
            }
            """);
    JournalFeed feed =
        new JournalFeed(
            systemd.inside(List.of("journalctl")),
            "n1",
            new LogInterest(policies),
            loop,
            kept,
            loop);
    feed.add(unit, LLM);
    feed.start();
    return feed;
  }

  private static long journalctl() {
    return ProcessHandle.current()
        .descendants()
        .filter(process -> process.info().command().orElse("").endsWith("/journalctl"))
        .findFirst()
        .map(ProcessHandle::pid)
        .orElse(0L);
  }

  @Test
  void linesOfAUnitAreItsLog() throws IOException {
    systemd.run("systemctl", "start", "writer.service");
    try (JournalFeed feed = feed("writer.service")) {
      FakeMachine.await(() -> journalctl() != 0);
      loop.awaitFound(feed, "journald");
      Path text = systemd.inside("/run/text");
      Files.writeString(
          text,
          "all is well\nRuntimeError: CUDA out of memory. Tried to allocate 2 GiB\n"
              + "the model llama is sick\n\u0007 bell\n");
      Files.move(text, systemd.inside("/run/go"));

      assertThat(loop.next())
          .isEqualTo(
              new Listened.Part(Importance.NOISE, "journald", List.of(log(1, "all is well"))));
      Listened.Part oom = loop.next();
      assertThat(oom.importance()).isEqualTo(Importance.FAULT);
      assertThat(oom.facts())
          .extracting(fact -> fact.entity() + " " + fact.signal())
          .containsExactly("service:n1/llm cuda_oom", "service:n1/llm log");
      assertThat(loop.next())
          .as("what a policy waits for")
          .isEqualTo(
              new Listened.Part(
                  Importance.FAULT, "journald", List.of(log(3, "the model llama is sick"))));
      assertThat(loop.next().facts()).as("no plain text").containsExactly(log(4, "\u0007 bell"));
    } finally {
      Files.deleteIfExists(systemd.inside("/run/go"));
    }
    assertThat(journalctl()).as("it is ended, too").isZero();
  }

  private static Fact log(long at, String line) {
    return new Fact.Event(at, LLM, "log", Map.of("line", line));
  }

  @Test
  void overKillsOfJournalctlAndRestartsOfTheEngineNoLineIsLostOrDoubled() throws IOException {
    List<String> heard = new ArrayList<>();
    try (JournalFeed feed = feed("counter.service")) {
      loop.awaitFound(feed, "journald");
      systemd.run("systemctl", "start", "--no-block", "counter.service");
      hear(heard, LINES / 4);
      ProcessHandle.of(journalctl()).orElseThrow().destroyForcibly();
      hear(heard, LINES / 2);
      assertThat(loop.told).anyMatch(told -> told.contains("journald: journalctl ended with 137"));
    }
    hearLeft(heard);
    try (JournalFeed feed = feed("counter.service")) {
      hear(heard, LINES);
      assertThat(feed.status().get(0).trouble()).isEmpty();
    }
    assertThat(heard)
        .isEqualTo(IntStream.rangeClosed(1, LINES).mapToObj(i -> "line " + i).toList());
  }

  private void hear(List<String> heard, int upTo) {
    while (heard.size() < upTo) {
      line(loop.next(), heard);
    }
  }

  /** What had come before it was closed. */
  private void hearLeft(List<String> heard) {
    while (!loop.isSilent()) {
      line(loop.next(), heard);
    }
  }

  private static void line(Listened.Part part, List<String> heard) {
    part.facts().forEach(fact -> heard.add(((Fact.Event) fact).fields().get("line")));
  }

  @Test
  void aPlaceThatIsNotThereAnyMoreIsAGap() {
    kept.keep("journald", "cursor", "s=nonsense");
    try (JournalFeed feed = feed("other.service")) {
      loop.awaitTold("journald: the place up to which it was read is not in the journal any more");
      loop.awaitFound(feed, "journald");
    }
  }
}
