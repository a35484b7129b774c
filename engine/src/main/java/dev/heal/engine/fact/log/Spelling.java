package dev.heal.engine.fact.log;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import dev.heal.engine.fact.log.LogEvent.FieldValue;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Words of a line that have a name of their own in the vocabulary. */
final class Spelling {
  private static final Pattern REQUESTER = Pattern.compile("^[0-9a-fA-F]{4}$");
  private static final Map<String, String> CUDA_NAMES =
      Map.ofEntries(
          Map.entry("an illegal memory access was encountered", "cudaErrorIllegalAddress"),
          Map.entry("device-side assert triggered", "cudaErrorAssert"),
          Map.entry("unspecified launch failure", "cudaErrorLaunchFailure"),
          Map.entry("an illegal instruction was encountered", "cudaErrorIllegalInstruction"),
          Map.entry("misaligned address", "cudaErrorMisalignedAddress"),
          Map.entry("uncorrectable ecc error encountered", "cudaErrorECCUncorrectable"),
          Map.entry("initialization error", "cudaErrorInitializationError"),
          Map.entry("invalid device ordinal", "cudaErrorInvalidDevice"),
          Map.entry("the launch timed out and was terminated", "cudaErrorLaunchTimeout"),
          Map.entry("invalid argument", "cudaErrorInvalidValue"),
          Map.entry("invalid configuration argument", "cudaErrorInvalidConfiguration"),
          Map.entry("no cuda-capable device is detected", "cudaErrorNoDevice"),
          Map.entry("system not yet initialized", "cudaErrorSystemNotReady"),
          Map.entry("hardware stack error", "cudaErrorHardwareStackError"),
          Map.entry("invalid program counter", "cudaErrorInvalidPc"),
          Map.entry("invalid address space", "cudaErrorInvalidAddressSpace"),
          Map.entry("invalid resource handle", "cudaErrorInvalidResourceHandle"),
          Map.entry(
              "all cuda-capable devices are busy or unavailable", "cudaErrorDevicesUnavailable"),
          Map.entry("unknown error", "cudaErrorUnknown"));

  private Spelling() {}

  static Finding vocabulary(Finding found) {
    return switch (found.event()) {
      case "cuda_error" ->
          replaced(
              found,
              "name",
              name -> CUDA_NAMES.getOrDefault(name.toLowerCase(Locale.ROOT).strip(), name));
      case "pcie_aer" ->
          replaced(found, "device", device -> address(device, found.fields().get("port")));
      default -> found;
    };
  }

  /** Kernels to 4.x write the device as its 16 bits: 8 of the bus, 5 of the device, 3. */
  private static String address(String device, @org.jspecify.annotations.Nullable FieldValue port) {
    Matcher requester = REQUESTER.matcher(device);
    if (!requester.find()) {
      return device;
    }
    int bits = Integer.parseInt(device, 16);
    String domain =
        Optional.ofNullable(port).map(p -> p.toString().split(":", 2)[0]).orElse("0000");
    return String.format(
        Locale.ROOT, "%s:%02x:%02x.%x", domain, bits >> 8, bits >> 3 & 0x1F, bits & 7);
  }

  private static Finding replaced(
      Finding found, String field, java.util.function.UnaryOperator<String> spelling) {
    FieldValue given = found.fields().get(field);
    if (given == null) {
      return found;
    }
    Map<String, FieldValue> fields = new LinkedHashMap<>(found.fields());
    fields.put(field, new FieldValue.Text(spelling.apply(given.toString())));
    return found.with(fields);
  }
}
