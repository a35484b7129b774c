package dev.heal.engine.fact.log;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import dev.heal.engine.fact.log.LogEvent.Action;
import dev.heal.engine.fact.log.LogEvent.FieldValue;
import dev.heal.engine.fact.log.LogEvent.Severity;
import dev.heal.engine.fact.log.LogEvent.Subject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One spelling of an event.
 *
 * @param literals in lower case; a line without any of them is never looked at
 * @param fields the names of the pattern's groups, in order; an empty group gives no field
 */
record Rule(
    String event,
    Side side,
    List<String> literals,
    Pattern pattern,
    List<String> fields,
    Severity severity,
    Action action) {

  /** Whose messages a rule is for. */
  enum Side {
    KERNEL,
    SERVICE
  }

  private static final Set<String> NUMBERS =
      Set.of("pid", "cpu", "seconds", "count", "sector", "code", "rank", "sequence", "timeout_ms");

  private static final Pattern PCI =
      Pattern.compile("\\b([0-9a-fA-F]{4,8}:[0-9a-fA-F]{2}:[0-9a-fA-F]{2})\\b");

  static Rule of(
      Side side,
      String event,
      String literals,
      String pattern,
      String fields,
      Severity severity,
      Action action) {
    return new Rule(
        event,
        side,
        List.of(literals.split("\\|", -1)),
        Pattern.compile(pattern),
        fields.isEmpty() ? List.of() : List.of(fields.split(",", -1)),
        severity,
        action);
  }

  Optional<Finding> find(String message) {
    Matcher matcher = pattern.matcher(message);
    if (!matcher.find()) {
      return Optional.empty();
    }
    Map<String, FieldValue> values = new LinkedHashMap<>();
    for (int i = 0; i < fields.size(); i++) {
      String value = matcher.group(i + 1);
      if (value != null && !value.isBlank()) {
        values.putIfAbsent(
            fields.get(i),
            NUMBERS.contains(fields.get(i))
                ? FieldValue.of(value.strip())
                : new FieldValue.Text(value.strip()));
      }
    }
    return Optional.of(new Finding(event, subject(message), values, severity, action));
  }

  private Subject subject(String message) {
    if (side == Side.SERVICE && !event.equals("fabric_manager_error")) {
      return Subject.SERVICE;
    }
    return switch (event) {
      case "gpu_fallen_off_bus",
          "gpu_reset",
          "nvlink_error",
          "peermem_error",
          "fabric_manager_error" ->
          pciAddress(message)
              .map(pci -> new Subject(LogEvent.About.PCI_DEVICE, pci))
              .orElse(Subject.HOST);
      default -> Subject.HOST;
    };
  }

  /** The first PCI address in a text, normalised. */
  static Optional<String> pciAddress(String text) {
    Matcher matcher = PCI.matcher(text);
    return matcher.find() ? Optional.of(normalised(matcher.group(1))) : Optional.empty();
  }

  /** Lower case; a domain of four digits where it fits. */
  static String normalised(String pci) {
    String address = pci.toLowerCase(Locale.ROOT);
    if (address.length() == 5) {
      return "0000:" + address;
    }
    int colon = address.indexOf(':');
    int from = 0;
    while (colon - from > 4 && address.charAt(from) == '0') {
      from++;
    }
    return address.substring(from);
  }
}
