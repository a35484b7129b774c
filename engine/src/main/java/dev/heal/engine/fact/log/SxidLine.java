package dev.heal.engine.fact.log;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import dev.heal.dsl.vocabulary.xid.SxidCatalogue;
import dev.heal.dsl.vocabulary.xid.SxidCatalogue.Entry;
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
 * One SXid line. Whether the error is fatal: what the line says ({@code Fatal}, {@code Severity
 * 1}); else the catalogue. A fatal one asks for a restart of the node (its GPUs and switches come
 * up together); one that nobody calls harmless asks for support.
 *
 * @param device the address, or the name of the switch where there is none
 */
record SxidLine(int code, String device, String detail, Finding finding) {
  private static final Pattern LINE =
      Pattern.compile(
          "^(?:NVRM: )?(nvidia-nvswitch\\d*|nvswitch\\d*|NVSwitch ?\\d*): SXid:? *(?:\\((?:PCI:)?"
              + "((?:[0-9a-fA-F]{4,8}:)?[0-9a-fA-F]{2}:[0-9a-fA-F]{2})(?:\\.[0-9a-fA-F])?[^)]*\\))?"
              + " *[:,]? *(\\d{1,6})\\b[,:]? *");
  private static final Pattern LINK = Pattern.compile("(?i)\\bLink (\\d{1,9})\\b");
  private static final Pattern SEVERITY = Pattern.compile("^Severity (\\d)\\b");

  static Optional<SxidLine> find(String message) {
    Matcher matcher = LINE.matcher(message);
    if (!matcher.find()) {
      return Optional.empty();
    }
    int code = Integer.parseInt(matcher.group(3));
    String detail = message.substring(matcher.end());
    Optional<Entry> entry = SxidCatalogue.find(code);
    Map<String, FieldValue> fields = new LinkedHashMap<>();
    fields.put("code", new FieldValue.Whole(code));
    fields.put("switch", new FieldValue.Text(matcher.group(1)));
    entry.ifPresent(known -> fields.put("meaning", new FieldValue.Text(known.name())));
    Matcher link = LINK.matcher(detail);
    if (link.find()) {
      fields.put("link", new FieldValue.Whole(Integer.parseInt(link.group(1))));
    }
    Rule.Verdict verdict = verdict(says(detail), entry, fields);
    boolean addressed = matcher.group(2) != null;
    Subject subject =
        addressed
            ? new Subject(About.PCI_DEVICE, PciAddress.normalised(matcher.group(2)))
            : Subject.HOST;
    return Optional.of(
        new SxidLine(
            code,
            addressed ? subject.name() : matcher.group(1),
            detail,
            new Finding("sxid", subject, fields, verdict.severity(), verdict.action())));
  }

  /** Registers of the error that the line before told. */
  boolean isDetail() {
    return detail.startsWith("Data {") || SEVERITY.matcher(detail).find();
  }

  private static Rule.Verdict verdict(
      Optional<Boolean> says, Optional<Entry> entry, Map<String, FieldValue> fields) {
    Optional<Fatality> table = entry.map(Entry::fatality);
    // a line that calls harmless what is always fatal, or an unknown code without a word: a person
    boolean contradiction =
        says.equals(Optional.of(false)) && table.equals(Optional.of(Fatality.ALWAYS));
    Optional<Boolean> fatal =
        says.isPresent()
            ? says
            : table.filter(f -> f != Fatality.POSSIBLE).map(f -> f == Fatality.ALWAYS);
    if (contradiction || fatal.isEmpty()) {
      return new Rule.Verdict(Severity.ERROR, Action.CONTACT_SUPPORT);
    }
    fields.put("fatal", new FieldValue.Text(fatal.get() ? "yes" : "no"));
    return fatal.get()
        ? new Rule.Verdict(Severity.FATAL, Action.RESTART_NODE)
        : new Rule.Verdict(Severity.WARNING, Action.IGNORE);
  }

  private static Optional<Boolean> says(String detail) {
    String lower = detail.toLowerCase(Locale.ROOT);
    if (lower.startsWith("non-fatal")
        || lower.startsWith("nonfatal")
        || lower.startsWith("non fatal")) {
      return Optional.of(false);
    }
    if (lower.startsWith("fatal")) {
      return Optional.of(true);
    }
    Matcher severity = SEVERITY.matcher(detail);
    if (severity.find() && "01".contains(severity.group(1))) {
      return Optional.of(severity.group(1).equals("1"));
    }
    return Optional.empty();
  }
}
