package dev.heal.engine.fact.nvml;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heal.dsl.vocabulary.EntityKind;
import dev.heal.dsl.vocabulary.Signal;
import dev.heal.dsl.vocabulary.SignalKind;
import dev.heal.dsl.vocabulary.Vocabulary;
import dev.heal.engine.fact.EntityId;
import dev.heal.engine.fact.Fact;
import dev.heal.engine.fact.json.JsonFactReader;
import dev.heal.engine.fact.json.JsonFactWriter;
import dev.heal.nvml.NvmlBridge;
import dev.heal.nvml.NvmlOptions;
import dev.heal.nvml.event.EventType;
import dev.heal.nvml.event.Notice;
import dev.heal.nvml.fake.FakeMachine;
import dev.heal.nvml.metric.Cadence;
import dev.heal.nvml.metric.Poll;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the bridge reads, in the words of the vocabulary. */
class NvmlFactsTest {
  private static final NvmlFacts FACTS = new NvmlFacts("n1");

  @TempDir private Path folder;

  private Poll poll(String machine, String... lines) throws IOException {
    try (FakeMachine fake = FakeMachine.of(machine, folder).set(lines);
        NvmlBridge bridge =
            NvmlBridge.open(
                NvmlOptions.ofThisHost()
                    .withLibrary(fake.library())
                    .withPatience(Duration.ofSeconds(20)))) {
      return bridge.poll(EnumSet.allOf(Cadence.class));
    }
  }

  private static Optional<Object> value(List<Fact> facts, int gpu, String signal) {
    return facts.stream()
        .filter(f -> f.entity().equals(EntityId.gpu("n1", gpu)) && f.signal().equals(signal))
        .findFirst()
        .map(f -> f instanceof Fact.Sample sample ? sample.value() : ((Fact.Word) f).value());
  }

  @Test
  void metricsBecomeSignalsInBaseUnits() throws IOException {
    List<Fact> facts =
        FACTS.facts(
            poll(
                "h100x8",
                "gpu 3 temperature 91",
                "gpu 3 power 512.5",
                "gpu 3 clock_sm 1200",
                "gpu 3 throttle hw_thermal,sw_power_cap",
                "gpu 3 recovery_action reset",
                "gpu 3 remap_pending yes",
                "gpu 3 remapped_corrected 2",
                "gpu 3 remapped_uncorrected 3",
                "gpu 3 link 4 down",
                "gpu 3 process 1 1GiB",
                "gpu 5 lost on"));

    assertThat(value(facts, 3, "nvml.temperature")).contains(91.0);
    assertThat(value(facts, 3, "nvml.power")).contains(512.5);
    assertThat(value(facts, 3, "nvml.sm_clock")).contains(1.2e9);
    assertThat(value(facts, 3, "nvml.throttle_reasons")).contains("hw_thermal,sw_power_cap");
    assertThat(value(facts, 3, "nvml.recovery_action")).contains("reset");
    assertThat(value(facts, 3, "nvml.remap_pending")).contains(1.0);
    assertThat(value(facts, 3, "nvml.remapped_rows")).contains(5.0);
    assertThat(value(facts, 3, "nvml.nvlinks_down")).contains(1.0);
    assertThat(value(facts, 3, "idle")).contains(0.0);
    assertThat(value(facts, 2, "idle")).contains(1.0);
    assertThat(value(facts, 3, "nvml.present")).contains(1.0);
    assertThat(value(facts, 3, "nvml.fan")).as("not supported is no fact").isEmpty();
    assertThat(facts.stream().filter(f -> f.entity().equals(EntityId.gpu("n1", 5))).toList())
        .as("of a lost GPU")
        .extracting(Fact::signal)
        .containsExactly("nvml.present");
  }

  @Test
  void everyFactIsInTheVocabularyAndInItsRange() throws IOException {
    for (String machine : List.of("h100x8", "old-driver")) {
      for (Fact fact : FACTS.facts(poll(machine))) {
        Signal signal = Vocabulary.standard().signal(EntityKind.GPU, fact.signal()).orElseThrow();
        if (fact instanceof Fact.Sample sample) {
          signal.min().ifPresent(min -> assertThat(sample.value()).isGreaterThanOrEqualTo(min));
          signal.max().ifPresent(max -> assertThat(sample.value()).isLessThanOrEqualTo(max));
        }
      }
      folder = java.nio.file.Files.createDirectory(folder.resolve("next"));
    }
    for (EventType type : EventType.values()) {
      Fact.Event fact = event(type).orElseThrow();
      assertThat(Vocabulary.standard().signal(EntityKind.GPU, fact.signal()).map(Signal::kind))
          .as(fact.signal())
          .contains(SignalKind.EVENT);
    }
  }

  private static Optional<Fact.Event> event(EventType type) {
    dev.heal.nvml.session.Gpu gpu =
        new dev.heal.nvml.session.Gpu(
            0,
            Optional.of("GPU-0"),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
    return FACTS.fact(
        new Notice.GpuEvent(
            Instant.parse("2026-01-02T03:04:05.678Z"),
            Optional.of(gpu),
            type,
            79,
            Optional.empty(),
            Optional.empty()));
  }

  @Test
  void whatIsWrittenIsRead() throws IOException {
    List<Fact> facts = FACTS.facts(poll("h100x8", "gpu 0 power 70.25"));
    StringWriter text = new StringWriter();
    JsonFactWriter writer = new JsonFactWriter(text);
    for (Fact fact : facts) {
      writer.write(fact);
    }
    writer.write(event(EventType.XID).orElseThrow());
    writer.flush();

    JsonFactReader reader = new JsonFactReader();
    List<Fact> again =
        text.toString().lines().map(line -> reader.read(line).fact().orElseThrow()).toList();
    assertThat(again.subList(0, facts.size())).isEqualTo(facts);
    assertThat(again.get(facts.size())).isEqualTo(event(EventType.XID).orElseThrow());
  }
}
