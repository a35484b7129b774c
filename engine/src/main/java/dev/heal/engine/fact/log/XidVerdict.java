package dev.heal.engine.fact.log;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import dev.heal.dsl.vocabulary.xid.NvLink5Decoder;
import dev.heal.dsl.vocabulary.xid.NvLink5Decoder.Decoded;
import dev.heal.dsl.vocabulary.xid.XidCatalogue;
import dev.heal.dsl.vocabulary.xid.XidEntry;
import dev.heal.engine.fact.log.LogEvent.Action;
import dev.heal.engine.fact.log.LogEvent.FieldValue;
import dev.heal.engine.fact.log.LogEvent.Severity;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What the catalogue recommends for one Xid line, by docs/decisions/0010: 45 only cleans up after
 * another Xid (ignore); 48 and 74 ask for a reset; 144 to 150 are decoded from their registers; 154
 * says itself what to do. What the tables do not know asks for support.
 */
final class XidVerdict {
  private static final int FIRST_NVLINK5 = 144;
  private static final int LAST_NVLINK5 = 150;
  private static final int NVLINK = 74;
  private static final int RECOVERY_ACTION = 154;

  private static final Pattern NVLINK5 =
      Pattern.compile(
          "^(?:.*?, *)?([A-Z][A-Z0-9_]+(?: Degraded)?),? +(?i:non-?fatal|fatal|link fatal|\\S+)\\b.*?\\bLink (-?\\d{1,9})",
          Pattern.DOTALL);
  private static final Pattern REGISTERS =
      Pattern.compile("\\(0x([0-9a-fA-F]{1,8})[ ,]+0x([0-9a-fA-F]{1,8})");
  private static final Pattern NOT_FATAL = Pattern.compile("(?i)\\bnon[- ]?fatal\\b");
  private static final Pattern FATAL = Pattern.compile("(?i)\\bfatal\\b");
  private static final Pattern RECOVERY =
      Pattern.compile(
          "(?i)changed from .*? to (?:0x([0-9a-f]{1,8}))? *\\(?([a-z][a-z0-9 _-]*)?\\)?");

  /** By NVML's numbers. */
  private static final List<String> RECOVERY_ACTIONS =
      List.of("none", "gpu_reset_required", "node_reboot_required", "drain_p2p", "drain_and_reset");

  private XidVerdict() {}

  static Rule.Verdict of(
      int code, String rest, OptionalInt driverBranch, Map<String, FieldValue> fields) {
    if (code >= FIRST_NVLINK5 && code <= LAST_NVLINK5) {
      return nvlink5(code, rest, driverBranch, fields);
    }
    if (code == RECOVERY_ACTION) {
      return recovery(rest, fields);
    }
    if (code == NVLINK && NOT_FATAL.matcher(rest).find()) {
      return new Rule.Verdict(Severity.ERROR, Action.CONTACT_SUPPORT);
    }
    Action action =
        XidCatalogue.find(code).map(XidVerdict::recommended).orElse(Action.CONTACT_SUPPORT);
    return new Rule.Verdict(severity(code, action), action);
  }

  static boolean isDecidedByItsLine(int code) {
    return (code >= FIRST_NVLINK5 && code <= LAST_NVLINK5) || code == RECOVERY_ACTION;
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
  private static Rule.Verdict nvlink5(
      int code, String rest, OptionalInt driverBranch, Map<String, FieldValue> fields) {
    Matcher named = NVLINK5.matcher(rest);
    String unit = "";
    if (named.find()) {
      unit = named.group(1);
      fields.put("unit", new FieldValue.Text(unit));
      fields.put("link", new FieldValue.Whole(Integer.parseInt(named.group(2))));
    }
    boolean saysFatal = FATAL.matcher(NOT_FATAL.matcher(rest).replaceAll("")).find();
    Rule.Verdict undecided =
        new Rule.Verdict(saysFatal ? Severity.FATAL : Severity.ERROR, Action.CONTACT_SUPPORT);
    Matcher registers = REGISTERS.matcher(rest);
    if (!registers.find()) {
      return undecided;
    }
    int intrinfo = Integer.parseUnsignedInt(registers.group(1), 16);
    int status = Integer.parseUnsignedInt(registers.group(2), 16);
    fields.put("intrinfo", new FieldValue.Text(String.format(Locale.ROOT, "0x%08x", intrinfo)));
    fields.put("error_status", new FieldValue.Text(String.format(Locale.ROOT, "0x%08x", status)));
    Optional<Decoded> decoded =
        driverBranch.isPresent()
            ? NvLink5Decoder.decode(code, intrinfo, status, driverBranch.getAsInt())
            : NvLink5Decoder.decode(code, intrinfo, status, unit);
    if (decoded.isEmpty()) {
      return undecided;
    }
    fields.put("decoded_unit", new FieldValue.Text(decoded.get().unit()));
    boolean fatal = saysFatal || decoded.get().fatal();
    Action action =
        switch (decoded.get().action()) {
          case "RESET_GPU" -> Action.RESET_GPU;
          case "XID_154_EVAL" -> fatal ? Action.CONTACT_SUPPORT : Action.NONE;
          // two rows of 149 are fatal and to be ignored: the peer or the host took the link down
          case "IGNORE" -> fatal && !decoded.get().fatal() ? Action.CONTACT_SUPPORT : Action.IGNORE;
          default -> Action.CONTACT_SUPPORT;
        };
    return new Rule.Verdict(fatal ? Severity.FATAL : Severity.WARNING, action);
  }

  private static Rule.Verdict recovery(String rest, Map<String, FieldValue> fields) {
    Matcher matcher = RECOVERY.matcher(rest);
    if (!matcher.find()) {
      return new Rule.Verdict(Severity.ERROR, Action.CONTACT_SUPPORT);
    }
    String words = matcher.group(2) == null ? "" : matcher.group(2).strip();
    String name = words.toLowerCase(Locale.ROOT).replaceAll("[ _-]+", "_");
    if (name.isEmpty() && matcher.group(1) != null) {
      int number = Integer.parseUnsignedInt(matcher.group(1), 16);
      boolean known = number >= 0 && number < RECOVERY_ACTIONS.size();
      name = known ? RECOVERY_ACTIONS.get(number) : "0x" + matcher.group(1);
    }
    fields.put("recovery_action", new FieldValue.Text(name));
    if (name.equals("none")) {
      return new Rule.Verdict(Severity.INFO, Action.NONE);
    }
    if (name.contains("reboot")) {
      return new Rule.Verdict(Severity.FATAL, Action.RESTART_NODE);
    }
    if (name.contains("reset")) {
      return new Rule.Verdict(Severity.FATAL, Action.RESET_GPU);
    }
    return new Rule.Verdict(Severity.ERROR, Action.CONTACT_SUPPORT);
  }
}
