package dev.heal.nvml.metric;

import dev.heal.nvml.answer.Answer;
import dev.heal.nvml.binding.Device;
import dev.heal.nvml.binding.FieldId;
import dev.heal.nvml.binding.Fields;
import dev.heal.nvml.binding.Symbol;
import java.util.List;

/** What is read every 10 s or more. */
final class SlowReader {
  private static final List<FieldId> FIELDS =
      List.of(
          FieldId.ECC_CORRECTED_AGGREGATE,
          FieldId.ECC_UNCORRECTED_AGGREGATE,
          FieldId.RETIRED_PAGES_CORRECTED,
          FieldId.RETIRED_PAGES_UNCORRECTED,
          FieldId.RETIRED_PAGES_PENDING,
          FieldId.ENERGY,
          FieldId.REMAPPED_CORRECTED,
          FieldId.REMAPPED_UNCORRECTED,
          FieldId.REMAP_PENDING,
          FieldId.REMAP_FAILED);

  /** {@code nvmlTemperatureThresholds_t}. */
  private static final int SHUTDOWN = 0;

  private static final int MEMORY_MAX = 2;
  private static final int GPU_MAX = 3;

  private final Device device;
  private final Samples out;

  SlowReader(Device device, Samples out) {
    this.device = device;
    this.out = out;
  }

  void read() {
    threshold(Metric.TEMPERATURE_SHUTDOWN, SHUTDOWN);
    threshold(Metric.TEMPERATURE_SLOWDOWN, FastReader.SLOWDOWN);
    threshold(Metric.MEMORY_TEMPERATURE_MAX, MEMORY_MAX);
    threshold(Metric.TEMPERATURE_MAX, GPU_MAX);
    power();
    out.gauge(Metric.SM_CLOCK_MAX, device.number(Symbol.MAX_CLOCK, FastReader.SM), Scale.MEGA);
    out.gauge(
        Metric.MEMORY_CLOCK_MAX, device.number(Symbol.MAX_CLOCK, FastReader.MEMORY), Scale.MEGA);
    fields();
    memories();
    banks();
    pcie();
    new NvLinkReader(device, out).read();
    out.gauge(Metric.FAN, device.number(Symbol.FAN_SPEED), Scale.PERCENT);
    out.flag(Metric.PERSISTENCE, device.number(Symbol.PERSISTENCE_MODE));
    out.words(Metric.COMPUTE_MODE, device.number(Symbol.COMPUTE_MODE).map(Words::computeMode));
    out.flag(Metric.MIG, device.pair(Symbol.MIG_MODE).map(Device.Pair::first));
    out.gauge(
        Metric.PROCESSES,
        Processes.of(device).map(processes -> (long) processes.size()),
        Scale.SAME);
  }

  private void threshold(Metric metric, int threshold) {
    out.gauge(
        metric,
        device.number(Symbol.TEMPERATURE_THRESHOLD, threshold).map(FastReader::signed),
        Scale.SAME);
  }

  private void power() {
    out.gauge(Metric.POWER_LIMIT, device.number(Symbol.POWER_LIMIT), Scale.MILLI);
    out.gauge(Metric.POWER_LIMIT_ENFORCED, device.number(Symbol.POWER_LIMIT_ENFORCED), Scale.MILLI);
    out.gauge(Metric.POWER_LIMIT_DEFAULT, device.number(Symbol.POWER_LIMIT_DEFAULT), Scale.MILLI);
    Answer<Device.Pair> range = device.pair(Symbol.POWER_LIMIT_CONSTRAINTS);
    out.gauge(Metric.POWER_LIMIT_MIN, range.map(Device.Pair::first), Scale.MILLI);
    out.gauge(Metric.POWER_LIMIT_MAX, range.map(Device.Pair::second), Scale.MILLI);
  }

  private void fields() {
    Fields fields = device.fields(FIELDS);
    out.add(Metric.ENERGY, "", fields.of(FieldId.ENERGY).map(mJ -> new Value.Count(mJ / 1000)));
    out.count(
        Metric.ECC_CORRECTED_AGGREGATE,
        Ecc.CORRECTED.total(device, Ecc.AGGREGATE, fields.of(FieldId.ECC_CORRECTED_AGGREGATE)));
    out.count(
        Metric.ECC_UNCORRECTED_AGGREGATE,
        Ecc.UNCORRECTED.total(device, Ecc.AGGREGATE, fields.of(FieldId.ECC_UNCORRECTED_AGGREGATE)));
    out.count(Metric.RETIRED_PAGES_CORRECTED, fields.of(FieldId.RETIRED_PAGES_CORRECTED));
    out.count(Metric.RETIRED_PAGES_UNCORRECTED, fields.of(FieldId.RETIRED_PAGES_UNCORRECTED));
    out.flag(Metric.RETIRED_PAGES_PENDING, fields.of(FieldId.RETIRED_PAGES_PENDING));
    out.count(Metric.REMAPPED_ROWS_CORRECTED, fields.of(FieldId.REMAPPED_CORRECTED));
    out.count(Metric.REMAPPED_ROWS_UNCORRECTED, fields.of(FieldId.REMAPPED_UNCORRECTED));
    out.flag(Metric.REMAP_PENDING, fields.of(FieldId.REMAP_PENDING));
    out.flag(Metric.REMAP_FAILED, fields.of(FieldId.REMAP_FAILED));
  }

  private void memories() {
    Answer<Device.Pair> mode = device.pair(Symbol.ECC_MODE);
    out.flag(Metric.ECC_ENABLED, mode.map(Device.Pair::first));
    if (mode.value().filter(m -> m.first() != 0).isEmpty()) {
      return; // without ECC nothing is counted
    }
    for (int memory = 0; memory < Words.MEMORIES.size(); memory++) {
      location(Metric.ECC_CORRECTED_AT, Ecc.CORRECTED, Ecc.VOLATILE, memory);
      location(Metric.ECC_UNCORRECTED_AT, Ecc.UNCORRECTED, Ecc.VOLATILE, memory);
      location(Metric.ECC_CORRECTED_AGGREGATE_AT, Ecc.CORRECTED, Ecc.AGGREGATE, memory);
      location(Metric.ECC_UNCORRECTED_AGGREGATE_AT, Ecc.UNCORRECTED, Ecc.AGGREGATE, memory);
    }
  }

  private void location(Metric metric, Ecc errors, int counter, int memory) {
    out.count(metric, Words.MEMORIES.get(memory), errors.at(device, counter, memory));
  }

  private void banks() {
    Answer<Device.RemapBanks> banks = device.remapBanks();
    out.gauge(Metric.REMAP_BANKS, "max", banks.map(Device.RemapBanks::max), Scale.SAME);
    out.gauge(Metric.REMAP_BANKS, "high", banks.map(Device.RemapBanks::high), Scale.SAME);
    out.gauge(Metric.REMAP_BANKS, "partial", banks.map(Device.RemapBanks::partial), Scale.SAME);
    out.gauge(Metric.REMAP_BANKS, "low", banks.map(Device.RemapBanks::low), Scale.SAME);
    out.gauge(Metric.REMAP_BANKS, "none", banks.map(Device.RemapBanks::none), Scale.SAME);
  }

  private void pcie() {
    out.gauge(Metric.PCIE_GENERATION, device.number(Symbol.PCIE_GENERATION), Scale.SAME);
    out.gauge(Metric.PCIE_WIDTH, device.number(Symbol.PCIE_WIDTH), Scale.SAME);
    out.gauge(Metric.PCIE_GENERATION_MAX, device.number(Symbol.PCIE_MAX_GENERATION), Scale.SAME);
    out.gauge(Metric.PCIE_WIDTH_MAX, device.number(Symbol.PCIE_MAX_WIDTH), Scale.SAME);
  }
}
