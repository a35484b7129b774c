package dev.heal.engine.fact.log;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import dev.heal.dsl.vocabulary.xid.SxidCatalogue;
import dev.heal.dsl.vocabulary.xid.SxidCatalogue.Fatality;
import dev.heal.engine.fact.log.LogEvent.About;
import dev.heal.engine.fact.log.LogEvent.Action;
import dev.heal.engine.fact.log.LogEvent.FieldValue;
import dev.heal.engine.fact.log.LogEvent.Severity;
import dev.heal.engine.fact.log.LogEvent.Subject;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Reads SXid lines. Whether an error is fatal: what the line says; else the catalogue. A fatal one
 * asks for a restart of the node (its GPUs and switches come up together).
 */
final class SxidLine {
  private static final Pattern LINE =
      Pattern.compile(
          "^(?:NVRM: )?(nvidia-nvswitch\\d*|nvswitch\\d*|NVSwitch ?\\d*): SXid:? *(?:\\((?:PCI:)?"
              + "((?:[0-9a-fA-F]{4,8}:)?[0-9a-fA-F]{2}:[0-9a-fA-F]{2})(?:\\.[0-9a-fA-F])?[^)]*\\))?"
              + " *[:,]? *(\\d{1,6})\\b[,:]? *(.*)$",
          Pattern.DOTALL);
  private static final Pattern LINK = Pattern.compile("(?i)\\bLink (\\d{1,9})\\b");

  private SxidLine() {}

  static Optional<Finding> find(String message) {
    Matcher matcher = LINE.matcher(message);
    if (!matcher.find()) {
      return Optional.empty();
    }
    int code = Integer.parseInt(matcher.group(3));
    String rest = matcher.group(4);
    Map<String, FieldValue> fields = new LinkedHashMap<>();
    fields.put("code", new FieldValue.Whole(code));
    fields.put("switch", new FieldValue.Text(matcher.group(1)));
    SxidCatalogue.find(code)
        .ifPresent(entry -> fields.put("meaning", new FieldValue.Text(entry.name())));
    Matcher link = LINK.matcher(rest);
    if (link.find()) {
      fields.put("link", FieldValue.of(String.valueOf(Integer.parseInt(link.group(1)))));
    }
    Subject subject =
        matcher.group(2) == null
            ? Subject.HOST
            : new Subject(About.PCI_DEVICE, Rule.normalised(matcher.group(2)));
    Optional<Boolean> fatal = saysFatal(rest);
    if (fatal.isEmpty()) {
      fatal =
          SxidCatalogue.find(code)
              .filter(e -> e.fatality() != Fatality.POSSIBLE)
              .map(e -> e.fatality() == Fatality.ALWAYS);
    }
    fatal.ifPresent(is -> fields.put("fatal", new FieldValue.Text(is ? "yes" : "no")));
    if (fatal.isEmpty()) {
      return Optional.of(
          new Finding("sxid", subject, fields, Severity.ERROR, Action.CONTACT_SUPPORT));
    }
    return Optional.of(
        fatal.get()
            ? new Finding("sxid", subject, fields, Severity.FATAL, Action.RESTART_NODE)
            : new Finding("sxid", subject, fields, Severity.WARNING, Action.IGNORE));
  }

  private static Optional<Boolean> saysFatal(String rest) {
    String lower = rest.toLowerCase(Locale.ROOT);
    if (lower.startsWith("non-fatal")
        || lower.startsWith("nonfatal")
        || lower.startsWith("non fatal")) {
      return Optional.of(false);
    }
    return lower.startsWith("fatal") ? Optional.of(true) : Optional.empty();
  }
}
