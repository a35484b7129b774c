package dev.heal.nvml.metric;

import dev.heal.nvml.answer.Answer;
import dev.heal.nvml.binding.Device;
import dev.heal.nvml.binding.Symbol;

/** The two kinds of memory errors: {@code nvmlMemoryErrorType_t}. */
enum Ecc {
  CORRECTED(0),
  UNCORRECTED(1);

  /** {@code nvmlEccCounterType_t}: since the driver was loaded. */
  static final int VOLATILE = 0;

  /** Over the life of the GPU. */
  static final int AGGREGATE = 1;

  private final int type;

  Ecc(int type) {
    this.type = type;
  }

  /** As the field has it; a GPU that does not give the field is asked by a call of its own. */
  Answer<Long> total(Device device, int counter, Answer<Long> field) {
    return field.orIfNotSupported(() -> device.wide(Symbol.TOTAL_ECC_ERRORS, type, counter));
  }

  Answer<Long> at(Device device, int counter, int memory) {
    return device.wide(Symbol.ECC_ERRORS, type, counter, memory);
  }
}
