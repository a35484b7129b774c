package dev.heal.nvml.binding;

/** {@code NVML_FI_DEV_*}: what {@code nvmlDeviceGetFieldValues} reads, many in one call. */
public enum FieldId {
  ECC_CORRECTED_VOLATILE(3),
  ECC_UNCORRECTED_VOLATILE(4),
  ECC_CORRECTED_AGGREGATE(5),
  ECC_UNCORRECTED_AGGREGATE(6),
  RETIRED_PAGES_CORRECTED(29),
  RETIRED_PAGES_UNCORRECTED(30),
  RETIRED_PAGES_PENDING(31),
  MEMORY_TEMPERATURE(82),
  ENERGY(83),
  PCIE_REPLAYS(94),
  REMAPPED_CORRECTED(142),
  REMAPPED_UNCORRECTED(143),
  REMAP_PENDING(144),
  REMAP_FAILED(145),
  /** From driver R560 on. */
  RECOVERY_ACTION(230);

  private final int id;

  FieldId(int id) {
    this.id = id;
  }

  public int id() {
    return id;
  }
}
