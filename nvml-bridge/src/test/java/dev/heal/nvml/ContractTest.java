package dev.heal.nvml;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heal.nvml.answer.Problem;
import dev.heal.nvml.binding.NvmlLibrary;
import dev.heal.nvml.event.EventType;
import dev.heal.nvml.event.Notice;
import dev.heal.nvml.fake.FakeMachine;
import dev.heal.nvml.metric.Cadence;
import dev.heal.nvml.metric.GpuSamples;
import dev.heal.nvml.metric.Metric;
import dev.heal.nvml.metric.Poll;
import dev.heal.nvml.metric.Sample;
import dev.heal.nvml.metric.Value;
import dev.heal.nvml.session.Driver;
import dev.heal.nvml.session.Gpu;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What holds of every machine with GPUs: the fake ones, and the one that this test runs on, if it
 * has a GPU.
 */
class ContractTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"h100x8", "a100x8", "old-driver"})
  void aFakeMachineKeepsTheContract(String machine) throws IOException {
    try (FakeMachine fake = FakeMachine.of(machine, folder)) {
      keepsTheContract(fake.library());
    }
  }

  @Test
  void thisHostKeepsTheContract() {
    Assumptions.assumeTrue(
        Files.exists(Path.of("/proc/driver/nvidia/version")),
        "SKIPPED: this host has no NVIDIA driver; the contract was held to fake machines only");
    keepsTheContract(NvmlLibrary.DEFAULT);
  }

  private static void keepsTheContract(String library) {
    NvmlOptions options =
        NvmlOptions.ofThisHost().withLibrary(library).withPatience(Duration.ofSeconds(20));
    List<Notice> heard = new CopyOnWriteArrayList<>();
    try (NvmlBridge bridge = NvmlBridge.open(options)) {
      bridge.listen(heard::add);
      Driver driver = bridge.driver().value().orElseThrow();
      assertThat(driver.version()).matches("\\d+\\.\\d+(\\.\\d+)*");
      assertThat(bridge.gpus()).isNotEmpty();
      bridge.gpus().forEach(ContractTest::isIdentified);
      Poll first = bridge.poll(EnumSet.allOf(Cadence.class));
      Poll second = bridge.poll(EnumSet.allOf(Cadence.class));
      for (int i = 0; i < first.gpus().size(); i++) {
        isSound(first.gpus().get(i));
        countersOnlyGrow(first.gpus().get(i), second.gpus().get(i));
      }
      for (Gpu gpu : bridge.gpus()) {
        assertThat(bridge.processes(gpu).value()).as("processes of %s", gpu).isPresent();
      }
      FakeMachine.await(() -> heard.stream().anyMatch(Notice.Listening.class::isInstance));
      Notice.Listening listening =
          (Notice.Listening)
              heard.stream().filter(Notice.Listening.class::isInstance).findFirst().orElseThrow();
      for (Gpu gpu : bridge.gpus()) {
        assertThat(listening.offered().get(gpu)).as("events of %s", gpu).contains(EventType.XID);
      }
    }
  }

  private static void isIdentified(Gpu gpu) {
    assertThat(gpu.uuid())
        .hasValueSatisfying(uuid -> assertThat(uuid).matches("GPU-[0-9a-f-]{36}"));
    assertThat(gpu.pci())
        .hasValueSatisfying(
            pci -> assertThat(pci).matches("[0-9a-f]{4,8}:[0-9a-f]{2}:[0-9a-f]{2}\\.[0-9a-f]"));
    assertThat(gpu.name()).hasValueSatisfying(name -> assertThat(name).isNotBlank());
  }

  private static void isSound(GpuSamples gpu) {
    for (Sample sample : gpu.samples()) {
      String name = "%s %s of %s".formatted(sample.metric(), sample.part(), gpu.gpu());
      Optional<Problem> problem = sample.answer().problem();
      problem.ifPresent(
          p ->
              assertThat(p.kind())
                  .as("%s: %s", name, p)
                  .isIn(Problem.Kind.NOT_SUPPORTED, Problem.Kind.NO_PERMISSION));
      if (sample.answer().value().orElse(null) instanceof Value.Words words) {
        assertThat(words.words())
            .as(name)
            .noneMatch(word -> word.startsWith("bit_") || word.startsWith("unknown_"));
      }
      if (sample.answer().value().orElse(null) instanceof Value.Gauge gauge
          && sample.metric().unit().equals("ratio")) {
        assertThat(gauge.value()).as(name).isBetween(0.0, 2.0);
      }
    }
    isBetween(gpu, Metric.TEMPERATURE, 0, 120);
    isBetween(gpu, Metric.MEMORY_TEMPERATURE, 0, 120);
    isBetween(gpu, Metric.POWER, 1, 2000);
    isBetween(gpu, Metric.MEMORY_USED, 0, 1);
    isBetween(gpu, Metric.MEMORY_TOTAL_BYTES, 1e9, 1e12);
    isBetween(gpu, Metric.SM_CLOCK, 1e7, 5e9);
    double least = number(gpu, Metric.POWER_LIMIT_MIN).orElse(0.0);
    double most = number(gpu, Metric.POWER_LIMIT_MAX).orElse(1e4);
    isBetween(gpu, Metric.POWER_LIMIT, least, most);
    isBetween(gpu, Metric.TEMPERATURE_SLOWDOWN, 50, 120);
    isBetween(gpu, Metric.PCIE_GENERATION, 1, 7);
    isBetween(gpu, Metric.PCIE_WIDTH, 1, 16);
  }

  private static void isBetween(GpuSamples gpu, Metric metric, double least, double most) {
    number(gpu, metric)
        .ifPresent(
            value -> assertThat(value).as("%s of %s", metric, gpu.gpu()).isBetween(least, most));
  }

  private static Optional<Double> number(GpuSamples gpu, Metric metric) {
    return gpu.of(metric)
        .flatMap(answer -> answer.value())
        .map(value -> ((Value.Gauge) value).value());
  }

  private static void countersOnlyGrow(GpuSamples first, GpuSamples second) {
    record Key(Metric metric, String part) {}
    Map<Key, Value> before = new java.util.HashMap<>();
    first
        .samples()
        .forEach(
            s -> s.answer().value().ifPresent(v -> before.put(new Key(s.metric(), s.part()), v)));
    for (Sample sample : second.samples()) {
      Value earlier = before.get(new Key(sample.metric(), sample.part()));
      if (earlier instanceof Value.Count from
          && sample.answer().value().orElse(null) instanceof Value.Count to) {
        assertThat(to.value()).as(sample.metric().word()).isGreaterThanOrEqualTo(from.value());
      }
    }
  }
}
