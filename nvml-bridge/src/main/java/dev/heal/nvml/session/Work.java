package dev.heal.nvml.session;

import dev.heal.nvml.answer.Answer;
import dev.heal.nvml.binding.Device;
import dev.heal.nvml.binding.NvmlLibrary;

/** Calls about one GPU. They keep neither the library nor the device. */
@FunctionalInterface
public interface Work<T> {
  Answer<T> run(NvmlLibrary library, Device device);
}
