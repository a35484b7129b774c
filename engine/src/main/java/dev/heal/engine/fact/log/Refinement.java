package dev.heal.engine.fact.log;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import dev.heal.engine.fact.log.LogEvent.Action;
import dev.heal.engine.fact.log.LogEvent.FieldValue;
import dev.heal.engine.fact.log.LogEvent.Severity;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Words of a line that become the vocabulary's own, and what they say about severity. */
final class Refinement {
  private static final Pattern ADAPTER =
      Pattern.compile("[0-9a-f]{4}:[0-9a-f]{2}:[0-9a-f]{2}\\.[0-9a-f]");
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
          Map.entry("no cuda-capable device is detected", "cudaErrorNoDevice"),
          Map.entry("system not yet initialized", "cudaErrorSystemNotReady"),
          Map.entry("hardware stack error", "cudaErrorHardwareStackError"),
          Map.entry("unknown error", "cudaErrorUnknown"));

  private Refinement() {}

  static Finding of(Finding found, String message) {
    return switch (found.event()) {
      case "pcie_aer", "edac" -> kind(found);
      case "cuda_error" -> cuda(found);
      case "link_down", "link_up" -> link(found, message);
      case "fabric_manager_error" ->
          message.toLowerCase(Locale.ROOT).contains("nvswitch fatal error")
              ? with(found, found.fields(), Severity.FATAL, Action.RESTART_NODE)
              : found;
      default -> found;
    };
  }

  /** {@code corrected}, {@code nonfatal}, {@code fatal}; EDAC: {@code corrected, uncorrected}. */
  private static Finding kind(Finding found) {
    FieldValue given = found.fields().get("kind");
    if (given == null) {
      return found;
    }
    String word = given.toString().toLowerCase(Locale.ROOT);
    Map<String, FieldValue> fields = new LinkedHashMap<>(found.fields());
    if (word.equals("ue")) {
      fields.put("kind", new FieldValue.Text("uncorrected"));
      return with(found, fields, Severity.FATAL, Action.CONTACT_SUPPORT);
    }
    if (word.contains("non-fatal")) {
      fields.put("kind", new FieldValue.Text("nonfatal"));
      return with(found, fields, Severity.ERROR, Action.CONTACT_SUPPORT);
    }
    if (word.contains("(fatal)")) {
      fields.put("kind", new FieldValue.Text("fatal"));
      return with(found, fields, Severity.FATAL, Action.RESTART_NODE);
    }
    fields.put("kind", new FieldValue.Text("corrected"));
    return with(found, fields, Severity.WARNING, Action.IGNORE);
  }

  /** A link without an interface name is known by its adapter. */
  private static Finding link(Finding found, String message) {
    Matcher adapter = ADAPTER.matcher(message);
    if (found.fields().containsKey("device") || !adapter.find()) {
      return found;
    }
    Map<String, FieldValue> fields = new LinkedHashMap<>(found.fields());
    fields.put("device", new FieldValue.Text(adapter.group()));
    return with(found, fields, found.severity(), found.action());
  }

  private static Finding cuda(Finding found) {
    FieldValue given = found.fields().get("name");
    if (given == null) {
      return found;
    }
    String name = given.toString();
    Map<String, FieldValue> fields = new LinkedHashMap<>(found.fields());
    fields.put(
        "name", new FieldValue.Text(CUDA_NAMES.getOrDefault(name.toLowerCase(Locale.ROOT), name)));
    return with(found, fields, found.severity(), found.action());
  }

  private static Finding with(
      Finding found, Map<String, FieldValue> fields, Severity severity, Action action) {
    return new Finding(found.event(), found.subject(), fields, severity, action);
  }
}
