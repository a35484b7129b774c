package dev.heal.engine.cli.demo;

import dev.heal.nvml.NvmlBridge;
import dev.heal.nvml.NvmlOptions;
import dev.heal.nvml.metric.Cadence;
import dev.heal.nvml.metric.Metric;
import dev.heal.nvml.metric.Poll;
import dev.heal.nvml.metric.Value;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.EnumSet;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * The physics of the fake GPU: it is as hot as the power that it draws and the air around it make
 * it. The power is read back from NVML, so a power limit cools it, whoever has set it.
 */
final class Plant implements AutoCloseable {
  private static final double DEGREES_A_WATT = 0.08;

  private final Path machine;
  private final NvmlBridge bridge;
  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
  private final ScheduledFuture<?> turns;
  private volatile int air = 25;

  /**
   * @param machine the file of the fake machine
   */
  Plant(Path library, Path machine) {
    this.machine = machine;
    this.bridge =
        NvmlBridge.open(NvmlOptions.ofThisHost().withLibrary(library.toAbsolutePath().toString()));
    set("gpu 0 power 640");
    set("gpu 0 utilization 97");
    turns = timer.scheduleAtFixedRate(this::turn, 0, 500, TimeUnit.MILLISECONDS);
  }

  /** The air conditioning fails. */
  void heatUp() {
    air = 42;
  }

  private void turn() {
    Poll poll = bridge.poll(EnumSet.of(Cadence.FAST));
    poll.gpus().stream()
        .findFirst()
        .flatMap(gpu -> gpu.of(Metric.POWER))
        .flatMap(answer -> answer.value())
        .ifPresent(
            power ->
                set(
                    "gpu 0 temperature "
                        + Math.round(air + DEGREES_A_WATT * ((Value.Gauge) power).value())));
  }

  private void set(String line) {
    try {
      Files.writeString(machine, line + "\n", StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    turns.cancel(false);
    timer.shutdownNow();
    bridge.close();
  }
}
