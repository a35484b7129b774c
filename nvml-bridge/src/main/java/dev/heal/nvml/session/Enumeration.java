package dev.heal.nvml.session;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import dev.heal.nvml.answer.Answer;
import dev.heal.nvml.answer.Problem;
import dev.heal.nvml.binding.Device;
import dev.heal.nvml.binding.NvmlLibrary;
import dev.heal.nvml.binding.ReturnCode;
import dev.heal.nvml.binding.Structs;
import dev.heal.nvml.binding.Symbol;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The GPUs that NVML counts now, by its index.
 *
 * @param handles an index whose handle NVML does not give has a problem instead
 */
record Enumeration(Map<Integer, Answer<Pointer>> handles) {
  static Answer<Enumeration> of(NvmlLibrary library) {
    try (Memory out = new Memory(Native.POINTER_SIZE)) {
      out.clear();
      int code = library.call(Symbol.COUNT, out);
      if (code != ReturnCode.SUCCESS) {
        return Answer.none(library.problem(Symbol.COUNT, code));
      }
      int count = out.getInt(0);
      Map<Integer, Answer<Pointer>> handles = new LinkedHashMap<>();
      for (int index = 0; index < count; index++) {
        out.clear();
        code = library.call(Symbol.HANDLE_BY_INDEX, index, out);
        Pointer handle = out.getPointer(0);
        handles.put(
            index,
            code == ReturnCode.SUCCESS && handle != null
                ? Answer.of(handle)
                : Answer.none(library.problem(Symbol.HANDLE_BY_INDEX, code)));
      }
      return Answer.of(new Enumeration(handles));
    }
  }

  static Answer<Driver> driver(NvmlLibrary library) {
    return text(library, Symbol.DRIVER_VERSION)
        .map(
            version ->
                new Driver(version, text(library, Symbol.NVML_VERSION).value(), cuda(library)));
  }

  private static Answer<String> text(NvmlLibrary library, Symbol symbol) {
    try (Memory out = new Memory(96)) {
      out.clear();
      int code = library.call(symbol, out, (int) out.size());
      return code == ReturnCode.SUCCESS
          ? Answer.of(out.getString(0, StandardCharsets.UTF_8.name()))
          : Answer.none(library.problem(symbol, code));
    }
  }

  /** NVML has 12040 for 12.4. */
  private static Optional<String> cuda(NvmlLibrary library) {
    try (Memory out = new Memory(Integer.BYTES)) {
      out.clear();
      if (library.call(Symbol.CUDA_DRIVER_VERSION, out) != ReturnCode.SUCCESS) {
        return Optional.empty();
      }
      int version = out.getInt(0);
      return Optional.of(version / 1000 + "." + version % 1000 / 10);
    }
  }

  static Gpu identity(int index, Device device, Optional<String> uuid) {
    return new Gpu(
        index,
        uuid,
        device.structure(Symbol.PCI_INFO, new Structs.PciInfo()).map(Enumeration::pci).value(),
        device.text(Symbol.NAME).value(),
        device.text(Symbol.SERIAL).value(),
        device.number(Symbol.MINOR_NUMBER).map(Math::toIntExact).value());
  }

  /** NVML writes {@code 00000000:3B:00.0}; the kernel {@code 0000:3b:00.0}. */
  private static String pci(Structs.PciInfo info) {
    String address =
        Native.toString(info.busId, StandardCharsets.UTF_8.name()).toLowerCase(Locale.ROOT);
    return address.startsWith("0000") && address.indexOf(':') == 8 ? address.substring(4) : address;
  }

  static Problem gone() {
    return Problem.of(Problem.Kind.GPU_LOST, "NVML no longer lists it");
  }
}
