package dev.heal.engine.fact.log;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import dev.heal.dsl.vocabulary.xid.NvLink5Decoder;
import dev.heal.dsl.vocabulary.xid.NvLink5Decoder.Decoded;
import dev.heal.dsl.vocabulary.xid.XidCatalogue;
import dev.heal.dsl.vocabulary.xid.XidEntry;
import dev.heal.engine.fact.log.LogEvent.About;
import dev.heal.engine.fact.log.LogEvent.Action;
import dev.heal.engine.fact.log.LogEvent.FieldValue;
import dev.heal.engine.fact.log.LogEvent.Severity;
import dev.heal.engine.fact.log.LogEvent.Subject;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Reads Xid lines of every driver generation and says what the catalogue recommends for this line.
 *
 * <p>How workflows of the catalogue are shortened: 45 only cleans up after another Xid (ignore); 48
 * and 74 ask for a reset; 144 to 150 are decoded from their registers; 154 says itself what to do.
 * What the tables do not know asks for support.
 */
final class XidLine {
  private static final Pattern LINE =
      Pattern.compile(
          "^NVRM:(?: \\[?GPU ?\\d+\\]?:?)? Xid:? *"
              + "(?:\\((?:PCI:)?((?:[0-9a-fA-F]{4,8}:)?[0-9a-fA-F]{2}:[0-9a-fA-F]{2})(?:\\.[0-9a-fA-F])?"
              + "([^)]*)\\)|\\([^)]*\\))? *[:,]? *(\\d{1,5})\\b[,:.]? *(.*)$",
          Pattern.DOTALL);
  private static final Pattern PID =
      Pattern.compile("\\bpid ?[=:] ?['\"]?(?:(\\d+)|<?[a-zA-Z]+>?)['\"]?(?:, *|$| )");
  private static final Pattern NAME =
      Pattern.compile("\\bname ?[=:] ?(?:'([^']*)'|\"([^\"]*)\"|([^,]*))(?:, *|$)");
  private static final Pattern CHANNEL =
      Pattern.compile("(?i)\\b(?:ch|channel|chid)(?: ?id)?[ =:]+(?:0x)?([0-9a-f]+)\\b");
  private static final Pattern INSTANCE =
      Pattern.compile("(?i)GPU(?:-I:|[ -]instance[ :=]*)(\\d+)");
  private static final Pattern NVLINK =
      Pattern.compile(
          "^(\\S+(?: Degraded)?) +((?i:non-?fatal|fatal|link fatal|\\S+)).*?\\bLink (-?\\d{1,9})"
              + ".*?\\(0x([0-9a-fA-F]{1,8})[ ,]+0x([0-9a-fA-F]{1,8})",
          Pattern.DOTALL);
  private static final Pattern REGISTERS =
      Pattern.compile("\\(0x([0-9a-fA-F]{1,8})[ ,]+0x([0-9a-fA-F]{1,8})");
  private static final Pattern RECOVERY =
      Pattern.compile(
          "(?i)changed from .*? to (?:0x([0-9a-f]+) *)?\\(?([a-z][a-z0-9 -]*?)\\)? *[.)]?$");

  private XidLine() {}

  static Optional<Finding> find(String message, OptionalInt driverBranch) {
    Matcher matcher = LINE.matcher(message);
    if (!matcher.find()) {
      return Optional.empty();
    }
    int code = Integer.parseInt(matcher.group(3));
    String rest = matcher.group(4);
    String frame = matcher.group(2) == null ? "" : matcher.group(2);
    Map<String, FieldValue> fields = new LinkedHashMap<>();
    fields.put("code", new FieldValue.Whole(code));
    XidCatalogue.find(code)
        .ifPresent(entry -> fields.put("mnemonic", new FieldValue.Text(entry.mnemonic())));
    put(fields, "gpu_instance", INSTANCE.matcher(frame));
    put(fields, "pid", PID.matcher(rest));
    putName(fields, rest);
    put(fields, "channel", CHANNEL.matcher(rest));
    Verdict verdict = verdict(code, rest, driverBranch, fields);
    Subject subject =
        matcher.group(1) == null
            ? Subject.HOST
            : new Subject(About.PCI_DEVICE, Rule.normalised(matcher.group(1)));
    return Optional.of(new Finding("xid", subject, fields, verdict.severity(), verdict.action()));
  }

  private record Verdict(Severity severity, Action action) {}

  private static Verdict verdict(
      int code, String rest, OptionalInt driverBranch, Map<String, FieldValue> fields) {
    if (code >= 144 && code <= 150) {
      return nvlink5(code, rest, driverBranch, fields);
    }
    if (code == 154) {
      return recovery(rest, fields);
    }
    Action action =
        XidCatalogue.find(code).map(XidLine::recommended).orElse(Action.CONTACT_SUPPORT);
    return new Verdict(severity(code, action), action);
  }

  private static Severity severity(int code, Action action) {
    return switch (action) {
      case RESET_GPU, RESTART_NODE -> Severity.FATAL;
      case RESTART_APP -> Severity.ERROR;
      case CONTACT_SUPPORT -> code >= 162 && code <= 165 ? Severity.WARNING : Severity.ERROR;
      case IGNORE, NONE -> code == 106 || code == 107 ? Severity.INFO : Severity.WARNING;
    };
  }

  private static Action recommended(XidEntry entry) {
    return switch (entry.action()) {
      case "RESTART_APP" -> Action.RESTART_APP;
      case "RESET_GPU", "WORKFLOW_XID_48", "WORKFLOW_NVLINK_ERR" -> Action.RESET_GPU;
      case "RESTART_BM", "RESTART_VM" -> Action.RESTART_NODE;
      case "IGNORE", "WORKFLOW_XID_45" -> Action.IGNORE;
      default -> Action.CONTACT_SUPPORT;
    };
  }

  /** Unknown or undecodable registers ask for support, whatever the line calls itself. */
  private static Verdict nvlink5(
      int code, String rest, OptionalInt driverBranch, Map<String, FieldValue> fields) {
    Matcher matcher = NVLINK.matcher(rest);
    if (matcher.find()) {
      fields.put("unit", new FieldValue.Text(matcher.group(1).replaceAll(",$", "")));
      fields.put("link", new FieldValue.Whole(Integer.parseInt(matcher.group(3))));
    }
    String lower = rest.toLowerCase(Locale.ROOT);
    boolean saysFatal =
        lower
            .replace("non-fatal", "")
            .replace("nonfatal", "")
            .replace("non fatal", "")
            .contains("fatal");
    Matcher registers = REGISTERS.matcher(rest);
    if (!registers.find()) {
      return new Verdict(saysFatal ? Severity.FATAL : Severity.ERROR, Action.CONTACT_SUPPORT);
    }
    int intrinfo = Integer.parseUnsignedInt(registers.group(1), 16);
    int status = Integer.parseUnsignedInt(registers.group(2), 16);
    fields.put("intrinfo", new FieldValue.Text(String.format(Locale.ROOT, "0x%08x", intrinfo)));
    fields.put("error_status", new FieldValue.Text(String.format(Locale.ROOT, "0x%08x", status)));
    Optional<Decoded> decoded = decode(code, intrinfo, status, driverBranch);
    if (decoded.isEmpty()) {
      return new Verdict(saysFatal ? Severity.FATAL : Severity.ERROR, Action.CONTACT_SUPPORT);
    }
    fields.put("decoded_unit", new FieldValue.Text(decoded.get().unit()));
    boolean fatal = saysFatal || decoded.get().fatal();
    Action action =
        switch (decoded.get().action()) {
          case "RESET_GPU" -> Action.RESET_GPU;
          case "XID_154_EVAL" -> fatal ? Action.CONTACT_SUPPORT : Action.NONE;
          case "IGNORE" -> fatal && !decoded.get().fatal() ? Action.CONTACT_SUPPORT : Action.IGNORE;
          default -> Action.CONTACT_SUPPORT;
        };
    return new Verdict(fatal ? Severity.FATAL : Severity.WARNING, action);
  }

  /** Where the driver is not known: the newer layout, and the older where that has no row. */
  private static Optional<Decoded> decode(
      int code, int intrinfo, int status, OptionalInt driverBranch) {
    int branch = driverBranch.orElse(NvLink5Decoder.NEW_LAYOUT_BRANCH);
    Optional<Decoded> decoded = NvLink5Decoder.decode(code, intrinfo, status, branch);
    return decoded.isPresent() || driverBranch.isPresent()
        ? decoded
        : NvLink5Decoder.decode(code, intrinfo, status, 0);
  }

  private static Verdict recovery(String rest, Map<String, FieldValue> fields) {
    Matcher matcher = RECOVERY.matcher(rest);
    if (!matcher.find()) {
      return new Verdict(Severity.ERROR, Action.CONTACT_SUPPORT);
    }
    String words = matcher.group(2).strip();
    fields.put(
        "recovery_action",
        new FieldValue.Text(words.toLowerCase(Locale.ROOT).replaceAll("[ -]+", "_")));
    String lower = words.toLowerCase(Locale.ROOT);
    if (lower.equals("none")) {
      return new Verdict(Severity.INFO, Action.NONE);
    }
    if (lower.contains("reboot")) {
      return new Verdict(Severity.FATAL, Action.RESTART_NODE);
    }
    if (lower.contains("reset")) {
      return new Verdict(Severity.FATAL, Action.RESET_GPU);
    }
    return new Verdict(Severity.ERROR, Action.CONTACT_SUPPORT);
  }

  private static void put(Map<String, FieldValue> fields, String name, Matcher matcher) {
    if (matcher.find() && matcher.group(1) != null) {
      String value = matcher.group(1);
      fields.put(name, name.equals("pid") ? FieldValue.of(value) : new FieldValue.Text(value));
    }
  }

  private static void putName(Map<String, FieldValue> fields, String rest) {
    Matcher matcher = NAME.matcher(rest);
    if (!matcher.find()) {
      return;
    }
    for (int group = 1; group <= 3; group++) {
      String name = matcher.group(group);
      if (name != null && !name.isBlank() && !name.contains("<unknown>")) {
        fields.put("name", new FieldValue.Text(name.strip()));
      }
    }
  }
}
