package dev.heal.engine.fact.log;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import dev.heal.engine.fact.log.LogEvent.About;
import dev.heal.engine.fact.log.LogEvent.Action;
import dev.heal.engine.fact.log.LogEvent.FieldValue;
import dev.heal.engine.fact.log.LogEvent.Severity;
import dev.heal.engine.fact.log.LogEvent.Subject;
import dev.heal.engine.source.log.LogLine;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The spellings of one event, as a paragraph of a {@code .rules} file says them.
 *
 * @param about {@link About#PCI_DEVICE} where the line names an address; else the host
 * @param literals in lower case; a line without any of them is never looked at
 * @param patterns tried in order; their named groups are the fields, digits at the end left out
 * @param fixed fields that the event itself has
 * @param traits what else is asked of the line
 */
record Rule(
    String event,
    About about,
    Verdict verdict,
    List<String> literals,
    List<LazyPattern> patterns,
    Map<String, FieldValue> fixed,
    Set<Trait> traits) {

  /** How bad, and what is recommended. */
  record Verdict(Severity severity, Action action) {}

  /** What else is asked of a line. */
  enum Trait {
    /** Its words alone do not make an error: not for lines whose level says information. */
    VAGUE,
    /**
     * Says again what the lines before said: swallowed behind the same event on the same device.
     */
    ECHO
  }

  /** Compiled when it is first needed: most rules of a log are never needed. */
  static final class LazyPattern {
    private final String text;
    private volatile Optional<Pattern> compiled = Optional.empty();

    LazyPattern(String text) {
      this.text = text;
    }

    Pattern get() {
      if (compiled.isEmpty()) {
        compiled = Optional.of(Pattern.compile(text, Pattern.DOTALL));
      }
      return compiled.get();
    }
  }

  private static final Set<String> NUMBERS =
      Set.of(
          "pid",
          "cpu",
          "seconds",
          "count",
          "sector",
          "code",
          "rank",
          "sequence",
          "timeout_ms",
          "exit_code");

  Rule {
    literals = List.copyOf(literals);
    patterns = List.copyOf(patterns);
    fixed = Map.copyOf(fixed);
    traits = Set.copyOf(traits);
  }

  /**
   * @param lower the message in lower case
   */
  Optional<Finding> find(LogLine line, String lower) {
    if (literals.stream().noneMatch(lower::contains)
        || (traits.contains(Trait.VAGUE) && line.origin().informational())) {
      return Optional.empty();
    }
    for (LazyPattern pattern : patterns) {
      Matcher matcher = pattern.get().matcher(line.message());
      if (matcher.find()) {
        Map<String, FieldValue> fields = new LinkedHashMap<>();
        fields(matcher, pattern.get(), fields);
        fixed.forEach(fields::putIfAbsent);
        return Optional.of(
            new Finding(
                event, subject(line.message()), fields, verdict.severity(), verdict.action()));
      }
    }
    return Optional.empty();
  }

  private static void fields(Matcher matcher, Pattern pattern, Map<String, FieldValue> fields) {
    String[] names = new String[pattern.groupCount() + 1];
    pattern.namedGroups().forEach((name, group) -> names[group] = name);
    for (int group = 1; group < names.length; group++) {
      String value = matcher.group(group);
      if (names[group] == null || value == null || value.isBlank()) {
        continue;
      }
      String name = names[group].replaceAll("\\d+$", "");
      String text = value.strip();
      fields.putIfAbsent(
          name, NUMBERS.contains(name) ? FieldValue.of(text) : new FieldValue.Text(text));
    }
  }

  private Subject subject(String message) {
    return switch (about) {
      case SERVICE -> Subject.SERVICE;
      case HOST -> Subject.HOST;
      case PCI_DEVICE ->
          PciAddress.first(message)
              .map(address -> new Subject(About.PCI_DEVICE, address))
              .orElse(Subject.HOST);
    };
  }
}
