package dev.heal.engine.journal.recording;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heal.dsl.vocabulary.EntityKind;
import dev.heal.engine.decide.Halt;
import dev.heal.engine.decide.Times;
import dev.heal.engine.fact.EntityId;
import dev.heal.engine.fact.Fact;
import dev.heal.engine.schedule.Interim;
import dev.heal.engine.schedule.Outcome;
import dev.heal.engine.schedule.Past;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What went into the loop comes out of the recording, in order. */
class RecordingTest {
  private static final EntityId GPU = EntityId.gpu("n1", 0);
  private static final Recorder.Limits LARGE = Recorder.Limits.usual();

  @TempDir private Path folder;

  private record Replay(List<Recorded> inputs, List<String> problems, long torn, long lost) {}

  private Replay replay() throws IOException {
    List<Recorded> inputs = new ArrayList<>();
    try (RecordingReader reader = RecordingReader.open(folder)) {
      for (Optional<Recorded> next = reader.next(); next.isPresent(); next = reader.next()) {
        inputs.add(next.get());
      }
      return new Replay(inputs, reader.problems(), reader.torn(), reader.lost());
    }
  }

  private static Recorded sample(long at) {
    return new Recorded.Heard(at, new Fact.Sample(at, GPU, "nvml.temperature", at % 100));
  }

  private void record(Recorder.Limits limits, List<Recorded> inputs) throws IOException {
    try (Recorder recorder = Recorder.open(folder, limits)) {
      inputs.forEach(recorder::record);
    }
  }

  private List<Path> files() throws IOException {
    return new Segments(folder).list().stream().map(Segments.Segment::file).toList();
  }

  @Test
  void everyKindComesBackAsItWas() throws IOException {
    for (long seed = 0; seed < 20; seed++) {
      Random random = new Random(seed);
      List<Recorded> inputs = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        inputs.add(input(random));
      }
      record(LARGE, inputs);
      Replay replay = replay();
      assertThat(replay.inputs()).as("seed " + seed).isEqualTo(inputs);
      assertThat(replay.problems()).isEmpty();
      for (Path file : files()) {
        Files.delete(file);
      }
    }
  }

  private static Recorded input(Random random) {
    long stamp = random.nextLong();
    return switch (random.nextInt(5)) {
      case 0 ->
          new Recorded.Ended(
              stamp,
              random.nextLong(),
              new Outcome(pick(random, List.of(Outcome.Kind.values())), word(random)));
      case 1 -> new Recorded.Commanded(stamp, List.of("approve", word(random)));
      case 2 -> new Recorded.Started(stamp, past(random), word(random));
      default -> new Recorded.Heard(stamp, fact(random));
    };
  }

  private static Past past(Random random) {
    Past past = new Past(random.nextInt(9), random.nextInt(9), halts(random), List.of(), List.of());
    List<EntityId> nodes = List.of(EntityId.node("n2"), EntityId.node("a.b"), EntityId.node("n1"));
    return past.with(nodes.subList(0, random.nextInt(3)));
  }

  private static List<Halt> halts(Random random) {
    List<Halt> halts = new ArrayList<>();
    for (int i = random.nextInt(3); i > 0; i--) {
      NavigableSet<EntityId> on = new TreeSet<>();
      if (random.nextBoolean()) {
        on.add(GPU);
        on.add(EntityId.node("n2"));
      }
      halts.add(
          new Halt(
              pick(random, List.of(Halt.Kind.values())),
              "m" + i,
              random.nextInt(),
              random.nextBoolean() ? Times.NEVER : Long.MAX_VALUE - 1,
              on,
              new TreeSet<>(List.of(word(random))),
              word(random),
              word(random)));
    }
    return halts;
  }

  private static Fact fact(Random random) {
    long at = random.nextInt(9) == 0 ? -5 : random.nextLong(Long.MAX_VALUE);
    EntityId entity =
        new EntityId(pick(random, List.of(EntityKind.values())), "n1/" + word(random));
    return switch (random.nextInt(3)) {
      case 0 -> new Fact.Sample(at, entity, "nvml.power", number(random));
      case 1 -> new Fact.Word(at, entity, "state", random.nextBoolean() ? "NaN" : word(random));
      default -> {
        Map<String, String> fields = new TreeMap<>();
        for (int i = random.nextInt(4); i > 0; i--) {
          fields.put(List.of("code", "t", "value", "line").get(random.nextInt(4)), word(random));
        }
        yield new Fact.Event(at, entity, "xid", fields);
      }
    };
  }

  private static double number(Random random) {
    return switch (random.nextInt(7)) {
      case 0 -> Double.NaN;
      case 1 -> -0.0;
      case 2 -> Double.POSITIVE_INFINITY;
      case 3 -> random.nextInt(100);
      case 4 -> Double.MIN_VALUE;
      case 5 -> 1e300 * random.nextDouble();
      default -> random.nextGaussian();
    };
  }

  private static <T> T pick(Random random, List<T> all) {
    return all.get(random.nextInt(all.size()));
  }

  private static String word(Random random) {
    return List.of("", "ok", "a \"b\" \\ \n\t", "grüße 𝒳 \u2028", "{\"stamp\":1}")
            .get(random.nextInt(5))
        + random.nextInt(9);
  }

  @Test
  void theUsualFactIsTheLineThatSimulateReads() throws IOException {
    StringBuilder text = new StringBuilder();
    java.io.StringWriter out = new java.io.StringWriter();
    InputLines lines = new InputLines();
    lines.write(sample(91_000_000_000L), out);
    lines.write(new Recorded.Ended(5, 7, new Outcome(Outcome.Kind.DONE, "restarted")), out);
    lines.write(new Recorded.Commanded(6, List.of("approve", "12")), out);
    text.append(out);
    assertThat(text)
        .hasToString(
            """
            {"stamp":91000000000,"fact":{"t":"1970-01-01T00:01:31Z","entity":"gpu:n1/0","signal":"nvml.temperature","value":0}}
            {"stamp":5,"order":7,"outcome":"DONE","because":"restarted"}
            {"stamp":6,"command":["approve","12"]}
            """);
  }

  @Test
  void aTornTailIsReadAsFarAsItGoesAndNamed() throws IOException {
    List<Recorded> first = new ArrayList<>();
    for (long at = 1; at <= 300; at++) {
      first.add(sample(at));
    }
    record(LARGE, first);
    byte[] whole = Files.readAllBytes(files().get(0));
    record(LARGE, List.of(sample(1_000)));

    for (int length = 0; length < whole.length; length += 7) {
      Files.write(files().get(0), java.util.Arrays.copyOf(whole, length));
      Replay replay = replay();
      List<Recorded> inputs = replay.inputs();
      assertThat(replay.torn()).as("cut at " + length).isOne();
      assertThat(replay.problems()).hasSize(1);
      assertThat(replay.problems().get(0)).startsWith("000001.jsonl.gz, behind line ");
      assertThat(inputs.get(inputs.size() - 1)).as("the next segment").isEqualTo(sample(1_000));
      assertThat(inputs.subList(0, inputs.size() - 1))
          .as("cut at " + length)
          .isEqualTo(first.subList(0, inputs.size() - 1));
    }
  }

  @Test
  void whatWasSyncedIsThereWithoutAnEnd() throws IOException {
    Recorder recorder = Recorder.open(folder, LARGE);
    recorder.record(sample(1));
    recorder.record(sample(2));
    assertThat(recorder.sync().join()).isEqualTo(new Recorder.Status(2, 0, Optional.empty()));

    Replay replay = replay(); // as after a SIGKILL
    assertThat(replay.inputs()).containsExactly(sample(1), sample(2));
    assertThat(replay.problems())
        .containsExactly(
            "000001.jsonl.gz, behind line 2: the segment ends in the middle: it was not ended");
    recorder.close();
    assertThat(replay().problems()).isEmpty();
  }

  @Test
  void segmentsRotateAndTheOldestGo() throws IOException {
    Recorder.Limits limits = new Recorder.Limits(1_000, 10_000);
    List<Recorded> inputs = new ArrayList<>();
    try (Recorder recorder = Recorder.open(folder, limits)) {
      for (long at = 1; at <= 5_000; at++) {
        inputs.add(sample(at * 1_234_567));
        recorder.record(inputs.get(inputs.size() - 1));
        if (at % 50 == 0) {
          recorder.sync().join();
        }
      }
    }
    long total = 0;
    for (Path file : files()) {
      assertThat(Files.size(file)).isLessThan(2_000 + 2_000);
      total += Files.size(file);
    }
    assertThat(total).isLessThanOrEqualTo(10_000 + 2_000);
    assertThat(files()).hasSizeGreaterThan(2);
    assertThat(files().get(0).getFileName()).isNotEqualTo(Path.of("000001.jsonl.gz"));
    List<Recorded> kept = replay().inputs();
    assertThat(kept).isEqualTo(inputs.subList(inputs.size() - kept.size(), inputs.size()));
  }

  private static Recorded.Checkpoint checkpoint(long stamp) {
    String state = "{\"now\":%d,\"words\":[\"a \\\"b\\\"\",\"ü\"]}".formatted(stamp);
    return new Recorded.Checkpoint(stamp, 3, "sha256:ab", Interim.NONE, () -> state);
  }

  /** As both say the same where both are read. */
  private static String text(Recorded.Checkpoint checkpoint) {
    return "%d %d %s %s %s"
        .formatted(
            checkpoint.stamp(),
            checkpoint.generation(),
            checkpoint.policies(),
            checkpoint.interim(),
            checkpoint.state().get());
  }

  @Test
  void aCheckpointOpensASegmentWhereOneIsFull() throws IOException {
    try (Recorder recorder = Recorder.open(folder, new Recorder.Limits(1_000, 1 << 20))) {
      long at = 0;
      for (int segment = 0; segment < 3; segment++) {
        assertThat(recorder.wantsCheckpoint()).isFalse();
        while (!recorder.wantsCheckpoint()) {
          recorder.record(sample(++at * 1_234_567));
          recorder.sync().join();
        }
        recorder.record(checkpoint(++at * 1_234_567));
        recorder.record(sample(++at * 1_234_567));
        recorder.sync().join();
      }
    }
    List<Recorded> all = replay().inputs();
    List<Recorded.Checkpoint> checkpoints =
        all.stream()
            .flatMap(input -> input instanceof Recorded.Checkpoint one ? Stream.of(one) : null)
            .toList();
    assertThat(checkpoints)
        .hasSize(3)
        .allSatisfy(one -> assertThat(text(one)).isEqualTo(text(checkpoint(one.stamp()))));
    assertThat(files()).hasSize(4);
    assertThat(from(checkpoints.get(1).stamp()).get(0).stamp())
        .isEqualTo(checkpoints.get(1).stamp());
    assertThat(from(checkpoints.get(1).stamp() + 1).get(0).stamp())
        .isEqualTo(checkpoints.get(1).stamp());
    assertThat(from(checkpoints.get(1).stamp() - 1).get(0).stamp())
        .isEqualTo(checkpoints.get(0).stamp());
    assertThat(from(5)).as("older than all").hasSameSizeAs(all);
  }

  private List<Recorded> from(long since) throws IOException {
    List<Recorded> inputs = new ArrayList<>();
    try (RecordingReader reader = RecordingReader.open(folder, since)) {
      for (Optional<Recorded> next = reader.next(); next.isPresent(); next = reader.next()) {
        inputs.add(next.get());
      }
    }
    return inputs;
  }

  @Test
  void aRecorderGoesOnBehindTheOneBefore() throws IOException {
    record(LARGE, List.of(sample(1)));
    record(LARGE, List.of(sample(2)));
    Files.writeString(folder.resolve("recording/notes.txt"), "an operator's");
    record(LARGE, List.of(sample(3)));
    assertThat(files())
        .extracting(file -> file.getFileName().toString())
        .containsExactly("000001.jsonl.gz", "000002.jsonl.gz", "000003.jsonl.gz");
    assertThat(replay().inputs()).containsExactly(sample(1), sample(2), sample(3));
  }

  @Test
  void whatCouldNotBeRecordedIsCountedAndSaid() throws IOException {
    Path recording = folder.resolve("recording");
    try (Recorder recorder = Recorder.open(folder, LARGE)) {
      Files.delete(recording);
      Files.writeString(recording, "a file in its way");
      recorder.record(sample(1));
      recorder.record(sample(2));
      Recorder.Status status = recorder.sync().join();
      assertThat(status.recorded()).isZero();
      assertThat(status.lost()).isEqualTo(2);
      assertThat(status.problem().orElse("")).startsWith("`" + recording + "` cannot be written");

      Files.delete(recording);
      Files.createDirectory(recording);
      recorder.record(sample(3));
      assertThat(recorder.sync().join().recorded()).isOne();
    }
    Replay replay = replay();
    assertThat(replay.inputs()).containsExactly(sample(3));
    assertThat(replay.lost()).isEqualTo(2);
    assertThat(replay.problems())
        .containsExactly("000001.jsonl.gz, behind line 1: 2 inputs could not be recorded");
  }

  @Test
  void aLineThatNobodyWroteIsNamed() throws IOException {
    record(LARGE, List.of(sample(1)));
    Path file = files().get(0);
    try (java.util.zip.GZIPOutputStream out =
        new java.util.zip.GZIPOutputStream(
            Files.newOutputStream(file, java.nio.file.StandardOpenOption.APPEND))) {
      out.write("{\"stamp\":1}\n".getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }
    Replay replay = replay();
    assertThat(replay.inputs()).containsExactly(sample(1));
    assertThat(replay.problems())
        .containsExactly(
            "000001.jsonl.gz, behind line 2: no input of a recording: neither a fact, nor an"
                + " outcome, nor a command, nor a start or checkpoint with its stamp");
  }

  @Test
  void whereNothingWasRecordedThereIsNothing() throws IOException {
    assertThat(replay()).isEqualTo(new Replay(List.of(), List.of(), 0, 0));
    Recorder.open(folder, LARGE).close();
    assertThat(files()).isEmpty();
  }
}
