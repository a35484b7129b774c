package dev.heal.engine.fact.log;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import dev.heal.dsl.vocabulary.xid.XidCatalogue;
import dev.heal.engine.fact.log.LogEvent.About;
import dev.heal.engine.fact.log.LogEvent.FieldValue;
import dev.heal.engine.fact.log.LogEvent.Subject;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Reads Xid lines of every driver generation. */
final class XidLine {
  private static final String ADDRESS =
      "\\((?:PCI:)?((?:[0-9a-fA-F]{4,8}:)?[0-9a-fA-F]{2}:[0-9a-fA-F]{2})(?:\\.[0-9a-fA-F])?([^)]*)\\)";
  private static final String CODE = " *[:,]? *(\\d{1,5})\\b[,:.]? *";
  private static final Pattern LINE =
      Pattern.compile(
          "^NVRM:(?: \\[?GPU ?\\d+\\]?:?)? Xid:? *(?:" + ADDRESS + "|\\([^)]*\\))?" + CODE);
  private static final Pattern WITHOUT_MODULE = Pattern.compile("^Xid:? *" + ADDRESS + CODE);
  private static final Pattern PID =
      Pattern.compile("\\bpid ?[=:] ?['\"]?(?:(\\d+)|<?[a-zA-Z]+>?)['\"]?(?:, *|$| )");
  private static final Pattern NAME = Pattern.compile("\\bname ?[=:] ?");
  private static final Pattern QUOTED = Pattern.compile("^'([^']*)'|^\"([^\"]*)\"");
  private static final Pattern NAME_END =
      Pattern.compile(
          ", *(?:[Cc]h(?:annel|Id)?\\b|pid ?[=:]|GPU\\b|[A-Z][a-z]+ [A-Za-z]|Contained|Uncontained|errorString)"
              + "| +(?:[Cc]h(?:annel)?(?: ID)? (?:0x)?[0-9a-f]{2,8}\\b|pid ?[=:])");
  private static final Pattern CHANNEL =
      Pattern.compile("(?i)\\b(?:ch|channel|chid)(?: ?id)?[ =:]+(?:0x)?([0-9a-f]+)\\b");
  private static final Pattern GPU_INSTANCE =
      Pattern.compile("(?i)\\b(?:GPU-I|GI)[ :=]*(\\d+)|\\bGPU[ -]instance[ :=]*(\\d+)");
  private static final Pattern COMPUTE_INSTANCE =
      Pattern.compile("(?i)\\b(?:GPU-CI|CI)[ :=]*(\\d+)");
  private static final Pattern LINK = Pattern.compile("(?i)\\bon link (\\d{1,3})\\b");

  /** The kernel keeps 15 characters of a process's name. */
  private static final int LONGEST_NAME = 15;

  private XidLine() {}

  static Optional<Finding> find(String message, OptionalInt driverBranch) {
    Matcher matcher = LINE.matcher(message);
    if (!matcher.find()) {
      matcher = WITHOUT_MODULE.matcher(message);
      if (!matcher.find()) {
        return Optional.empty();
      }
    }
    int code = Integer.parseInt(matcher.group(3));
    String rest = message.substring(matcher.end());
    String instance = matcher.group(2) == null ? "" : matcher.group(2);
    Map<String, FieldValue> fields = new LinkedHashMap<>();
    fields.put("code", new FieldValue.Whole(code));
    XidCatalogue.find(code)
        .ifPresent(entry -> fields.put("mnemonic", new FieldValue.Text(entry.mnemonic())));
    text(GPU_INSTANCE, instance).ifPresent(v -> fields.put("gpu_instance", new FieldValue.Text(v)));
    text(COMPUTE_INSTANCE, instance)
        .ifPresent(v -> fields.put("compute_instance", new FieldValue.Text(v)));
    text(PID, rest).ifPresent(v -> fields.put("pid", FieldValue.of(v)));
    name(rest).ifPresent(v -> fields.put("name", new FieldValue.Text(v)));
    text(CHANNEL, rest).ifPresent(v -> fields.put("channel", new FieldValue.Text(v)));
    text(LINK, rest).ifPresent(v -> fields.put("link", FieldValue.of(v)));
    Rule.Verdict verdict = XidVerdict.of(code, rest, driverBranch, fields);
    Subject subject =
        matcher.group(1) == null
            ? Subject.HOST
            : new Subject(About.PCI_DEVICE, PciAddress.normalised(matcher.group(1)));
    return Optional.of(new Finding("xid", subject, fields, verdict.severity(), verdict.action()));
  }

  private static Optional<String> text(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    if (matcher.find()) {
      for (int group = 1; group <= matcher.groupCount(); group++) {
        if (matcher.group(group) != null) {
          return Optional.of(matcher.group(group));
        }
      }
    }
    return Optional.empty();
  }

  /** A process may have any name, commas and quotes included; the driver does not escape it. */
  private static Optional<String> name(String rest) {
    Matcher matcher = NAME.matcher(rest);
    if (!matcher.find()) {
      return Optional.empty();
    }
    String after = rest.substring(matcher.end());
    String name = text(QUOTED, after).orElseGet(() -> unquoted(after));
    return Optional.of(name.strip()).filter(n -> !n.isEmpty() && !n.contains("<unknown>"));
  }

  private static String unquoted(String after) {
    Matcher end = NAME_END.matcher(after);
    if (end.find() && end.start() <= LONGEST_NAME) {
      return after.substring(0, end.start());
    }
    int comma = after.indexOf(", ");
    if (comma >= 0) {
      return after.substring(0, comma);
    }
    return after.endsWith(",") ? after.substring(0, after.length() - 1) : after;
  }
}
