package dev.heal.nvml.metric;

import dev.heal.nvml.answer.Answer;
import dev.heal.nvml.binding.Device;
import dev.heal.nvml.binding.Structs;
import dev.heal.nvml.binding.Symbol;

/**
 * The memory of a GPU or MIG instance, in bytes. Without version 2 of the call (before driver 510),
 * {@code used} includes the few hundred MiB that the driver keeps for itself.
 */
record FrameBuffer(double used, double total) {
  static Answer<FrameBuffer> of(Device device) {
    return device
        .memory()
        .map(m -> new FrameBuffer(m.first(), m.second()))
        .orIfNotSupported(
            () ->
                device
                    .structure(Symbol.MEMORY, new Structs.Memory())
                    .map(m -> new FrameBuffer(m.used, m.total)));
  }
}
