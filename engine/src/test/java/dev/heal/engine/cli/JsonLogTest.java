package dev.heal.engine.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heal.engine.fact.EntityId;
import dev.heal.engine.fact.FaultInstance;
import dev.heal.engine.record.Entry;
import dev.heal.engine.record.EntryType;
import dev.heal.engine.source.inbox.Drops;
import dev.heal.engine.source.inbox.Importance;
import dev.heal.nvml.fake.FakeMachine;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** What a run writes of itself, and that nobody who reads it can hold it up. */
class JsonLogTest {
  private static final long AT = 1_767_571_200L * 1_000_000_000L;
  private static final FaultInstance CRASH =
      new FaultInstance("crashed", EntityId.service("n1", "llm"));

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final Console console =
      Console.of(InputStream.nullInputStream(), bytes, OutputStream.nullOutputStream());

  private static Entry raised() {
    return Entry.of(AT, EntryType.FAULT_RAISED, CRASH, "it \"died\"\nof heat");
  }

  @Test
  void eachLineIsAnObjectAndNamesItsIncident() {
    JsonLog log = new JsonLog(console.out(), () -> AT);

    log.say("started", "watching `n1`");
    log.entry(raised(), OptionalLong.of(12));
    log.entry(
        Entry.of(AT, EntryType.ACTION_STARTED, CRASH, "rung 1, step 1")
            .policy("revive")
            .act("restart", Optional.of(CRASH.entity())),
        OptionalLong.of(12));
    log.journalFailed("the disk is full");
    log.dropped(List.of(new Drops(Importance.NOISE, "log llm", 7)));
    log.told("kmsg", "is heard again");

    assertThat(bytes.toString(StandardCharsets.UTF_8))
        .isEqualTo(
            """
            {"t":"2026-01-05T00:00:00.000Z","level":"info","event":"started","message":"watching `n1`"}
            {"t":"2026-01-05T00:00:00.000Z","level":"warning","event":"fault_raised","incident":12,"fault":"crashed","entity":"service:n1/llm","because":"it \\"died\\"\\nof heat","message":"fault raised crashed on service:n1/llm: it \\"died\\"\uFFFDof heat"}
            {"t":"2026-01-05T00:00:00.000Z","level":"info","event":"action_started","incident":12,"fault":"crashed","entity":"service:n1/llm","policy":"revive","verb":"restart","target":"service:n1/llm","because":"rung 1, step 1","message":"action started restart service:n1/llm: rung 1, step 1"}
            {"t":"2026-01-05T00:00:00.000Z","level":"error","event":"journal_failed","message":"nothing is done: the disk is full"}
            {"t":"2026-01-05T00:00:00.000Z","level":"warning","event":"dropped","source":"log llm","importance":"noise","count":7,"message":"more came of log llm than could be looked at"}
            {"t":"2026-01-05T00:00:00.000Z","level":"warning","event":"source","source":"kmsg","message":"is heard again"}
            """);
  }

  @Test
  void aBugIsTold() {
    new JsonLog(console.out(), () -> AT).failed("nvml", new IllegalStateException("odd"));
    assertThat(bytes.toString(StandardCharsets.UTF_8))
        .contains("\"level\":\"error\",\"event\":\"bug\",\"source\":\"nvml\",\"stack\":\"")
        .contains("nvml failed: java.lang.IllegalStateException: odd");
  }

  @Test
  void theTextShowsTheNumbersOfTheJournal() throws InterruptedException {
    try (LogWriter writer = new LogWriter(new LiveTimeline(console, e -> {}), e -> {})) {
      writer.entry(raised(), OptionalLong.of(4711));
    }
    assertThat(bytes.toString(StandardCharsets.UTF_8))
        .contains("#4711", "FAULT RAISED    crashed on service:n1/llm");
  }

  /** Takes bytes only when it is let. */
  private static final class Stuck extends OutputStream {
    private final CountDownLatch open = new CountDownLatch(1);
    private final ByteArrayOutputStream taken = new ByteArrayOutputStream();

    @Override
    public synchronized void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public synchronized void write(byte[] buffer, int from, int count) throws IOException {
      try {
        open.await();
      } catch (InterruptedException e) {
        throw new IOException("interrupted", e);
      }
      taken.write(buffer, from, count);
    }

    synchronized String text() {
      return taken.toString(StandardCharsets.UTF_8);
    }
  }

  @Test
  void aReaderThatIsSlowHoldsNobodyUpAndLearnsWhatItMissed() throws InterruptedException {
    Stuck stuck = new Stuck();
    Console slow =
        Console.of(InputStream.nullInputStream(), stuck, OutputStream.nullOutputStream());
    List<Entry> heard = new ArrayList<>();
    try (LogWriter writer = new LogWriter(new JsonLog(slow.out(), () -> AT), heard::add)) {
      for (int i = 0; i < 30_000; i++) {
        writer.entry(raised(), OptionalLong.empty());
      }
      assertThat(heard).as("whoever counts hears all").hasSize(30_000);
      stuck.open.countDown();
      FakeMachine.await(() -> stuck.text().contains("lines are missing here"));
    }
    assertThat(stuck.text()).containsPattern("\"event\":\"unwritten\",\"message\":\"9,99\\d lines");
  }

  @Test
  void aReaderThatIsGoneEndsNothing() throws InterruptedException {
    OutputStream gone =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("Broken pipe");
          }
        };
    Console broken =
        Console.of(InputStream.nullInputStream(), gone, OutputStream.nullOutputStream());
    List<Entry> heard = new ArrayList<>();
    try (LogWriter writer = new LogWriter(new JsonLog(broken.out(), () -> AT), heard::add)) {
      for (int i = 0; i < 100; i++) {
        writer.entry(raised(), OptionalLong.empty());
      }
    }
    assertThat(heard).hasSize(100);
  }
}
