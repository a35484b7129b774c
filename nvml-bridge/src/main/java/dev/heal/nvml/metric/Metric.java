package dev.heal.nvml.metric;

import java.util.Locale;

/**
 * What is read of a GPU. Units: C, W, Hz, B, J; a ratio is from 0 to 1; counts and flags have none.
 */
public enum Metric {
  /** NVML answers for this GPU. A GPU that does not has this one sample, and it is off. */
  PRESENT("", Kind.FLAG, Cadence.FAST),

  TEMPERATURE("C", Kind.GAUGE, Cadence.FAST),
  /** Degrees left to the slowdown. */
  TEMPERATURE_MARGIN("C", Kind.GAUGE, Cadence.FAST),
  MEMORY_TEMPERATURE("C", Kind.GAUGE, Cadence.FAST),
  POWER("W", Kind.GAUGE, Cadence.FAST),
  /** Share of the time in which a kernel ran. */
  UTILIZATION("ratio", Kind.GAUGE, Cadence.FAST),
  /** Share of the time in which memory was read or written. */
  MEMORY_UTILIZATION("ratio", Kind.GAUGE, Cadence.FAST),
  MEMORY_USED("ratio", Kind.GAUGE, Cadence.FAST),
  MEMORY_USED_BYTES("B", Kind.GAUGE, Cadence.FAST),
  MEMORY_TOTAL_BYTES("B", Kind.GAUGE, Cadence.FAST),
  GRAPHICS_CLOCK("Hz", Kind.GAUGE, Cadence.FAST),
  SM_CLOCK("Hz", Kind.GAUGE, Cadence.FAST),
  MEMORY_CLOCK("Hz", Kind.GAUGE, Cadence.FAST),
  /** Why clocks are held down. */
  THROTTLE_REASONS("", Kind.WORDS, Cadence.FAST),
  /** 0 is the fastest. */
  PERFORMANCE_STATE("", Kind.GAUGE, Cadence.FAST),
  /** Since the driver was loaded. */
  ECC_CORRECTED("", Kind.COUNTER, Cadence.FAST),
  ECC_UNCORRECTED("", Kind.COUNTER, Cadence.FAST),
  PCIE_REPLAYS("", Kind.COUNTER, Cadence.FAST),
  /** What the driver asks for. */
  RECOVERY_ACTION("", Kind.WORDS, Cadence.FAST),

  TEMPERATURE_SHUTDOWN("C", Kind.GAUGE, Cadence.SLOW),
  TEMPERATURE_SLOWDOWN("C", Kind.GAUGE, Cadence.SLOW),
  MEMORY_TEMPERATURE_MAX("C", Kind.GAUGE, Cadence.SLOW),
  TEMPERATURE_MAX("C", Kind.GAUGE, Cadence.SLOW),
  POWER_LIMIT("W", Kind.GAUGE, Cadence.SLOW),
  POWER_LIMIT_ENFORCED("W", Kind.GAUGE, Cadence.SLOW),
  POWER_LIMIT_DEFAULT("W", Kind.GAUGE, Cadence.SLOW),
  POWER_LIMIT_MIN("W", Kind.GAUGE, Cadence.SLOW),
  POWER_LIMIT_MAX("W", Kind.GAUGE, Cadence.SLOW),
  /** Since the driver was loaded. */
  ENERGY("J", Kind.COUNTER, Cadence.SLOW),
  SM_CLOCK_MAX("Hz", Kind.GAUGE, Cadence.SLOW),
  MEMORY_CLOCK_MAX("Hz", Kind.GAUGE, Cadence.SLOW),
  ECC_ENABLED("", Kind.FLAG, Cadence.SLOW),
  /** Over the life of the GPU. */
  ECC_CORRECTED_AGGREGATE("", Kind.COUNTER, Cadence.SLOW),
  ECC_UNCORRECTED_AGGREGATE("", Kind.COUNTER, Cadence.SLOW),
  /** Its parts are memories: {@code dram}, {@code l2_cache}. */
  ECC_CORRECTED_AT("", Kind.COUNTER, Cadence.SLOW),
  ECC_UNCORRECTED_AT("", Kind.COUNTER, Cadence.SLOW),
  ECC_CORRECTED_AGGREGATE_AT("", Kind.COUNTER, Cadence.SLOW),
  ECC_UNCORRECTED_AGGREGATE_AT("", Kind.COUNTER, Cadence.SLOW),
  RETIRED_PAGES_CORRECTED("", Kind.COUNTER, Cadence.SLOW),
  RETIRED_PAGES_UNCORRECTED("", Kind.COUNTER, Cadence.SLOW),
  RETIRED_PAGES_PENDING("", Kind.FLAG, Cadence.SLOW),
  REMAPPED_ROWS_CORRECTED("", Kind.COUNTER, Cadence.SLOW),
  REMAPPED_ROWS_UNCORRECTED("", Kind.COUNTER, Cadence.SLOW),
  REMAP_PENDING("", Kind.FLAG, Cadence.SLOW),
  REMAP_FAILED("", Kind.FLAG, Cadence.SLOW),
  /** Memory banks by the spare rows they have left; its parts are {@code max} to {@code none}. */
  REMAP_BANKS("", Kind.GAUGE, Cadence.SLOW),
  PCIE_GENERATION("", Kind.GAUGE, Cadence.SLOW),
  PCIE_WIDTH("", Kind.GAUGE, Cadence.SLOW),
  PCIE_GENERATION_MAX("", Kind.GAUGE, Cadence.SLOW),
  PCIE_WIDTH_MAX("", Kind.GAUGE, Cadence.SLOW),
  /** Its parts are the links. */
  NVLINK_UP("", Kind.FLAG, Cadence.SLOW),
  NVLINK_REPLAYS("", Kind.COUNTER, Cadence.SLOW),
  NVLINK_RECOVERIES("", Kind.COUNTER, Cadence.SLOW),
  NVLINK_CRC_FLIT_ERRORS("", Kind.COUNTER, Cadence.SLOW),
  NVLINK_CRC_DATA_ERRORS("", Kind.COUNTER, Cadence.SLOW),
  /** The sum of the four above over all links. */
  NVLINK_ERRORS("", Kind.COUNTER, Cadence.SLOW),
  FAN("ratio", Kind.GAUGE, Cadence.SLOW),
  PERSISTENCE("", Kind.FLAG, Cadence.SLOW),
  COMPUTE_MODE("", Kind.WORDS, Cadence.SLOW),
  MIG("", Kind.FLAG, Cadence.SLOW),
  /** How many processes hold it. */
  PROCESSES("", Kind.GAUGE, Cadence.SLOW);

  /** How its values are to be read. */
  public enum Kind {
    GAUGE,
    COUNTER,
    FLAG,
    WORDS
  }

  private final String unit;
  private final Kind kind;
  private final Cadence cadence;

  Metric(String unit, Kind kind, Cadence cadence) {
    this.unit = unit;
    this.kind = kind;
    this.cadence = cadence;
  }

  /** Empty where it has none. */
  public String unit() {
    return unit;
  }

  public Kind kind() {
    return kind;
  }

  public Cadence cadence() {
    return cadence;
  }

  /** {@code memory_temperature}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
