package dev.heal.nvml.metric;

import dev.heal.nvml.answer.Answer;
import dev.heal.nvml.binding.Device;
import dev.heal.nvml.binding.FieldId;
import dev.heal.nvml.binding.Fields;
import dev.heal.nvml.binding.Symbol;
import java.util.List;

/**
 * What is read every second: one call for all that the driver gives as fields, and one for each of
 * the others.
 */
final class FastReader {
  private static final List<FieldId> FIELDS =
      List.of(
          FieldId.ECC_CORRECTED_VOLATILE,
          FieldId.ECC_UNCORRECTED_VOLATILE,
          FieldId.MEMORY_TEMPERATURE,
          FieldId.PCIE_REPLAYS,
          FieldId.RECOVERY_ACTION);

  /** {@code nvmlTemperatureThresholds_t}. */
  static final int SLOWDOWN = 1;

  /** {@code nvmlClockType_t}. */
  private static final int GRAPHICS = 0;

  static final int SM = 1;
  static final int MEMORY = 2;

  private final Device device;
  private final Samples out;

  FastReader(Device device, Samples out) {
    this.device = device;
    this.out = out;
  }

  void read() {
    temperatures();
    out.gauge(Metric.POWER, device.number(Symbol.POWER_USAGE), Scale.MILLI);
    Answer<Device.Pair> use = device.utilization();
    out.gauge(Metric.UTILIZATION, use.map(Device.Pair::first), Scale.PERCENT);
    out.gauge(Metric.MEMORY_UTILIZATION, use.map(Device.Pair::second), Scale.PERCENT);
    memory();
    out.gauge(Metric.GRAPHICS_CLOCK, device.number(Symbol.CLOCK, GRAPHICS), Scale.MEGA);
    out.gauge(Metric.SM_CLOCK, device.number(Symbol.CLOCK, SM), Scale.MEGA);
    out.gauge(Metric.MEMORY_CLOCK, device.number(Symbol.CLOCK, MEMORY), Scale.MEGA);
    out.words(
        Metric.THROTTLE_REASONS,
        device
            .wide(Symbol.EVENT_REASONS)
            .orIfNotSupported(() -> device.wide(Symbol.THROTTLE_REASONS))
            .map(Words::throttleReasons));
    out.gauge(Metric.PERFORMANCE_STATE, device.number(Symbol.PERFORMANCE_STATE), Scale.SAME);
    fields();
  }

  private void temperatures() {
    Answer<Long> temperature = device.number(Symbol.TEMPERATURE, 0).map(FastReader::signed);
    out.gauge(Metric.TEMPERATURE, temperature, Scale.SAME);
    out.gauge(
        Metric.TEMPERATURE_MARGIN,
        device
            .margin()
            .orIfNotSupported(
                () ->
                    temperature.then(
                        now ->
                            device
                                .number(Symbol.TEMPERATURE_THRESHOLD, SLOWDOWN)
                                .map(limit -> limit - now))),
        Scale.SAME);
  }

  /** NVML writes degrees below zero into an unsigned number. */
  static long signed(long number) {
    return (int) number;
  }

  private void memory() {
    Answer<FrameBuffer> memory = FrameBuffer.of(device);
    out.add(
        Metric.MEMORY_USED,
        "",
        memory.map(m -> new Value.Gauge(m.total() == 0 ? 0 : m.used() / m.total())));
    out.add(Metric.MEMORY_USED_BYTES, "", memory.map(m -> new Value.Gauge(m.used())));
    out.add(Metric.MEMORY_TOTAL_BYTES, "", memory.map(m -> new Value.Gauge(m.total())));
  }

  private void fields() {
    Fields fields = device.fields(FIELDS);
    out.count(
        Metric.ECC_CORRECTED,
        Ecc.CORRECTED.total(device, Ecc.VOLATILE, fields.of(FieldId.ECC_CORRECTED_VOLATILE)));
    out.count(
        Metric.ECC_UNCORRECTED,
        Ecc.UNCORRECTED.total(device, Ecc.VOLATILE, fields.of(FieldId.ECC_UNCORRECTED_VOLATILE)));
    out.gauge(Metric.MEMORY_TEMPERATURE, fields.of(FieldId.MEMORY_TEMPERATURE), Scale.SAME);
    out.count(
        Metric.PCIE_REPLAYS,
        fields.of(FieldId.PCIE_REPLAYS).orIfNotSupported(() -> device.number(Symbol.PCIE_REPLAYS)));
    out.words(
        Metric.RECOVERY_ACTION, fields.of(FieldId.RECOVERY_ACTION).map(Words::recoveryAction));
  }
}
