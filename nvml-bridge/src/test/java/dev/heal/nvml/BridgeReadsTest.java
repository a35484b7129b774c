package dev.heal.nvml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.heal.nvml.answer.Answer;
import dev.heal.nvml.answer.Problem;
import dev.heal.nvml.fake.FakeMachine;
import dev.heal.nvml.metric.GpuProcess;
import dev.heal.nvml.metric.GpuSamples;
import dev.heal.nvml.metric.Metric;
import dev.heal.nvml.metric.MigInstance;
import dev.heal.nvml.metric.Sample;
import dev.heal.nvml.session.Driver;
import dev.heal.nvml.session.Gpu;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is read, through JNA and the C interface. */
class BridgeReadsTest extends BridgeCase {
  @Test
  void knowsWhoIsThere() throws IOException {
    start("h100x8");

    assertThat(bridge.driver())
        .isEqualTo(
            Answer.of(new Driver("550.90.07", Optional.of("12.550.90.07"), Optional.of("12.4"))));
    assertThat(bridge.gpus())
        .hasSize(8)
        .extracting(Gpu::index)
        .containsExactly(0, 1, 2, 3, 4, 5, 6, 7);
    assertThat(gpu(0).name()).contains("NVIDIA H100 80GB HBM3");
    assertThat(gpu(0).pci()).contains("0000:1b:00.0");
    assertThat(bridge.gpus())
        .extracting(Gpu::uuid)
        .doesNotHaveDuplicates()
        .allMatch(Optional::isPresent);
  }

  @Test
  void readsWhatIsReadEverySecond() throws IOException {
    start(
        "h100x8",
        "gpu 3 temperature 71",
        "gpu 3 margin 18",
        "gpu 3 memory_temperature 82",
        "gpu 3 power 512.5",
        "gpu 3 utilization 93",
        "gpu 3 memory_utilization 41",
        "gpu 3 memory_total 80000MiB",
        "gpu 3 memory_reserved 0MiB",
        "gpu 3 memory_used 60000MiB",
        "gpu 3 clock_graphics 1755",
        "gpu 3 clock_sm 1740",
        "gpu 3 clock_memory 2619",
        "gpu 3 throttle sw_power_cap,hw_thermal",
        "gpu 3 performance_state 2",
        "gpu 3 ecc_corrected_volatile 12",
        "gpu 3 ecc_uncorrected_volatile 1",
        "gpu 3 pcie_replays 7",
        "gpu 3 recovery_action drain_and_reset");

    GpuSamples samples = read(3, FAST);

    assertThat(of(samples, Metric.PRESENT)).isEqualTo(flag(true));
    assertThat(of(samples, Metric.TEMPERATURE)).isEqualTo(gauge(71));
    assertThat(of(samples, Metric.TEMPERATURE_MARGIN)).isEqualTo(gauge(18));
    assertThat(of(samples, Metric.MEMORY_TEMPERATURE)).isEqualTo(gauge(82));
    assertThat(of(samples, Metric.POWER)).isEqualTo(gauge(512.5));
    assertThat(of(samples, Metric.UTILIZATION)).isEqualTo(gauge(0.93));
    assertThat(of(samples, Metric.MEMORY_UTILIZATION)).isEqualTo(gauge(0.41));
    assertThat(of(samples, Metric.MEMORY_USED)).isEqualTo(gauge(0.75));
    assertThat(of(samples, Metric.MEMORY_USED_BYTES)).isEqualTo(gauge(60_000.0 * (1 << 20)));
    assertThat(of(samples, Metric.MEMORY_TOTAL_BYTES)).isEqualTo(gauge(80_000.0 * (1 << 20)));
    assertThat(of(samples, Metric.GRAPHICS_CLOCK)).isEqualTo(gauge(1.755e9));
    assertThat(of(samples, Metric.SM_CLOCK)).isEqualTo(gauge(1.740e9));
    assertThat(of(samples, Metric.MEMORY_CLOCK)).isEqualTo(gauge(2.619e9));
    assertThat(of(samples, Metric.THROTTLE_REASONS)).isEqualTo(words("hw_thermal", "sw_power_cap"));
    assertThat(of(samples, Metric.PERFORMANCE_STATE)).isEqualTo(gauge(2));
    assertThat(of(samples, Metric.ECC_CORRECTED)).isEqualTo(count(12));
    assertThat(of(samples, Metric.ECC_UNCORRECTED)).isEqualTo(count(1));
    assertThat(of(samples, Metric.PCIE_REPLAYS)).isEqualTo(count(7));
    assertThat(of(samples, Metric.RECOVERY_ACTION)).isEqualTo(words("drain_and_reset"));
    assertThat(samples.samples())
        .extracting(Sample::metric)
        .as("nothing of the slow ones")
        .doesNotContain(Metric.POWER_LIMIT, Metric.NVLINK_UP);
  }

  @Test
  void readsWhatIsReadMoreRarely() throws IOException {
    start(
        "h100x8",
        "gpu 1 threshold_shutdown 95",
        "gpu 1 threshold_slowdown 90",
        "gpu 1 threshold_memory_max 105",
        "gpu 1 threshold_gpu_max 88",
        "gpu 1 power_limit 650",
        "gpu 1 ecc_corrected_aggregate 40",
        "gpu 1 ecc_uncorrected_volatile dram 3",
        "gpu 1 remapped_corrected 2",
        "gpu 1 remapped_uncorrected 1",
        "gpu 1 remap_pending yes",
        "gpu 1 remap_failed no",
        "gpu 1 remap_histogram 2500,50,9,1,0",
        "gpu 1 pcie_generation 4",
        "gpu 1 pcie_width 8",
        "gpu 1 link 5 down",
        "gpu 1 link 2 crc_flit 11",
        "gpu 1 link 2 replay 4",
        "gpu 1 link 3 recovery 2",
        "gpu 1 compute_mode exclusive_process",
        "gpu 1 persistence off");

    GpuSamples samples = read(1, ALL);

    assertThat(of(samples, Metric.TEMPERATURE_SHUTDOWN)).isEqualTo(gauge(95));
    assertThat(of(samples, Metric.TEMPERATURE_SLOWDOWN)).isEqualTo(gauge(90));
    assertThat(of(samples, Metric.MEMORY_TEMPERATURE_MAX)).isEqualTo(gauge(105));
    assertThat(of(samples, Metric.TEMPERATURE_MAX)).isEqualTo(gauge(88));
    assertThat(of(samples, Metric.POWER_LIMIT)).isEqualTo(gauge(650));
    assertThat(of(samples, Metric.POWER_LIMIT_MIN)).isEqualTo(gauge(200));
    assertThat(of(samples, Metric.POWER_LIMIT_MAX)).isEqualTo(gauge(700));
    assertThat(of(samples, Metric.SM_CLOCK_MAX)).isEqualTo(gauge(1.98e9));
    assertThat(of(samples, Metric.ECC_CORRECTED_AGGREGATE)).isEqualTo(count(40));
    assertThat(of(samples, Metric.ECC_UNCORRECTED_AT, "dram")).isEqualTo(count(3));
    assertThat(why(of(samples, Metric.ECC_UNCORRECTED_AT, "cbu")))
        .isEqualTo(Problem.Kind.NOT_SUPPORTED);
    assertThat(of(samples, Metric.REMAPPED_ROWS_CORRECTED)).isEqualTo(count(2));
    assertThat(of(samples, Metric.REMAPPED_ROWS_UNCORRECTED)).isEqualTo(count(1));
    assertThat(of(samples, Metric.REMAP_PENDING)).isEqualTo(flag(true));
    assertThat(of(samples, Metric.REMAP_FAILED)).isEqualTo(flag(false));
    assertThat(of(samples, Metric.REMAP_BANKS, "partial")).isEqualTo(gauge(9));
    assertThat(of(samples, Metric.PCIE_GENERATION)).isEqualTo(gauge(4));
    assertThat(of(samples, Metric.PCIE_GENERATION_MAX)).isEqualTo(gauge(5));
    assertThat(of(samples, Metric.PCIE_WIDTH)).isEqualTo(gauge(8));
    assertThat(of(samples, Metric.NVLINK_UP, "link 5")).isEqualTo(flag(false));
    assertThat(of(samples, Metric.NVLINK_UP, "link 17")).isEqualTo(flag(true));
    assertThat(of(samples, Metric.NVLINK_CRC_FLIT_ERRORS, "link 2")).isEqualTo(count(11));
    assertThat(of(samples, Metric.NVLINK_ERRORS)).isEqualTo(count(17));
    assertThat(of(samples, Metric.COMPUTE_MODE)).isEqualTo(words("exclusive_process"));
    assertThat(of(samples, Metric.PERSISTENCE)).isEqualTo(flag(false));
    assertThat(why(of(samples, Metric.FAN))).isEqualTo(Problem.Kind.NOT_SUPPORTED);
    assertThat(of(samples, Metric.PROCESSES)).isEqualTo(gauge(0));
  }

  @Test
  void everyMetricIsReadWithItsOwnKindOfValue() throws IOException {
    start("h100x8");

    for (Sample sample : read(0, ALL).samples()) {
      sample
          .answer()
          .value()
          .ifPresent(
              value ->
                  assertThat(value.getClass().getSimpleName())
                      .as(sample.metric().word())
                      .isEqualTo(
                          switch (sample.metric().kind()) {
                            case GAUGE -> "Gauge";
                            case COUNTER -> "Count";
                            case FLAG -> "Flag";
                            case WORDS -> "Words";
                          }));
    }
    assertThat(read(0, ALL).samples().stream().map(Sample::metric).collect(Collectors.toSet()))
        .containsExactlyInAnyOrderElementsOf(Arrays.asList(Metric.values()));
  }

  @Test
  void namesTheProcessesThatHoldAGpu() throws IOException {
    long self = ProcessHandle.current().pid();
    start(
        "h100x8",
        "gpu 0 process " + self + " 4096MiB",
        "gpu 0 process 4194303 1GiB"); // no process has this number

    assertThat(bridge.processes(gpu(0)).value().orElseThrow())
        .extracting(GpuProcess::pid, GpuProcess::memoryBytes)
        .containsExactlyInAnyOrder(
            tuple(self, Optional.of(4096L << 20)), tuple(4194303L, Optional.of(1L << 30)));
    assertThat(bridge.processes(gpu(0)).value().orElseThrow())
        .filteredOn(process -> process.pid() == self)
        .extracting(GpuProcess::name)
        .containsExactly(Optional.of("java"));
  }

  @Test
  void readsTheSlicesOfAGpuInMigMode() throws IOException {
    start("a100x8", "gpu 2 mig on", "gpu 2 instance 1 0 20GiB", "gpu 2 instance 2 0 10GiB");

    assertThat(bridge.instances(gpu(2)).value().orElseThrow())
        .extracting(MigInstance::gpuInstance, i -> i.memoryTotalBytes().value().orElseThrow())
        .containsExactlyInAnyOrder(tuple(1, 20.0 * (1L << 30)), tuple(2, 10.0 * (1L << 30)));
    assertThat(of(read(2, ALL), Metric.MIG)).isEqualTo(flag(true));
    assertThat(why(of(read(2, FAST), Metric.UTILIZATION))).isEqualTo(Problem.Kind.NOT_SUPPORTED);
    assertThat(bridge.instances(gpu(0)).value()).contains(List.of());
  }

  @Test
  void anOldDriverLosesOnlyWhatItLacks() throws IOException {
    start("old-driver", "gpu 0 process 1 1GiB", "gpu 0 throttle hw_slowdown");

    GpuSamples samples = read(0, ALL);

    assertThat(of(samples, Metric.MEMORY_TOTAL_BYTES).value()).as("version 1").isPresent();
    assertThat(of(samples, Metric.THROTTLE_REASONS)).as("old name").isEqualTo(words("hw_slowdown"));
    assertThat(of(samples, Metric.PROCESSES)).as("version 2").isEqualTo(gauge(1));
    assertThat(of(samples, Metric.TEMPERATURE_MARGIN).value()).as("from threshold").isPresent();
    assertThat(of(samples, Metric.RETIRED_PAGES_PENDING)).isEqualTo(flag(false));
    assertThat(of(samples, Metric.RECOVERY_ACTION).problem().orElseThrow().kind())
        .isEqualTo(Problem.Kind.NOT_SUPPORTED);
    assertThat(of(samples, Metric.REMAP_BANKS, "low").problem().orElseThrow().text())
        .isEqualTo("the driver has no nvmlDeviceGetRowRemapperHistogram");
  }

  @Test
  void readingsOfSeveralThreadsAreNotMixedUp() throws Exception {
    start("h100x8", "gpu * temperature 50");
    AtomicBoolean end = new AtomicBoolean();
    Thread other =
        new Thread(
            () -> {
              while (!end.get()) {
                bridge.poll(SLOW);
              }
            });
    other.start();
    try {
      for (int turn = 0; turn < 500; turn++) {
        for (GpuSamples samples : bridge.poll(FAST).gpus()) {
          assertThat(of(samples, Metric.TEMPERATURE)).as("turn " + turn).isEqualTo(gauge(50));
        }
      }
    } finally {
      end.set(true);
      other.join();
    }
  }

  /** One of two libraries at once is called directly, the other through looked-up functions. */
  @ParameterizedTest
  @ValueSource(strings = {"h100x8", "a100x8", "old-driver"})
  void twoLibrariesAtOnceAreReadAlike(String name, @TempDir Path elsewhere) throws IOException {
    start(name, "gpu 1 process 1 1GiB");
    try (FakeMachine second = FakeMachine.of(name, elsewhere).set("gpu 1 process 1 1GiB");
        NvmlBridge other = NvmlBridge.open(options().withLibrary(second.library()))) {

      assertThat(other.poll(ALL).gpus()).isEqualTo(bridge.poll(ALL).gpus());
      assertThat(other.processes(other.gpus().get(1))).isEqualTo(bridge.processes(gpu(1)));
    }
  }

  @Test
  void whatIsNotKnownByNameIsNamedByNumber() throws IOException {
    start("h100x8", "gpu 0 throttle code 999", "gpu 1 temperature unsupported");

    assertThat(of(read(0, FAST), Metric.THROTTLE_REASONS).problem().orElseThrow().toString())
        .isEqualTo("failed: Unknown Error");
    assertThat(why(of(read(1, FAST), Metric.TEMPERATURE))).isEqualTo(Problem.Kind.NOT_SUPPORTED);
  }
}
