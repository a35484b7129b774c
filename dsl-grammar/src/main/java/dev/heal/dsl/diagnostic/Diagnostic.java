package dev.heal.dsl.diagnostic;

import dev.heal.dsl.text.Span;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * One mistake: a stable code ({@code H0303}), its place, and what to do.
 *
 * @param message what is wrong, lower case, user text in back quotes, one line
 * @param label a few words under the caret; empty for none
 * @param within the declaration around the place, such as {@code fault `thermal`}; empty for none
 * @param help how to mend it; empty where none can be given
 * @param related other places that belong to the same mistake
 */
public record Diagnostic(
    String code,
    Severity severity,
    Span span,
    String message,
    String label,
    String within,
    Optional<String> help,
    List<Related> related) {

  /** Another place of the same mistake, with a few words on it. */
  public record Related(Span span, String label) {}

  public Diagnostic {
    if (!isCode(code)) {
      throw new IllegalArgumentException("not a diagnostic code: " + code);
    }
    Objects.requireNonNull(severity);
    Objects.requireNonNull(span);
    Objects.requireNonNull(help);
    related = List.copyOf(related);
  }

  private static boolean isCode(String code) {
    return code.length() == 5
        && code.charAt(0) == 'H'
        && code.chars().skip(1).allMatch(c -> c >= '0' && c <= '9');
  }

  public boolean isError() {
    return severity == Severity.ERROR;
  }

  public static Diagnostic error(String code, Span span, String message) {
    return new Diagnostic(code, Severity.ERROR, span, message, "", "", Optional.empty(), List.of());
  }

  public static Diagnostic warning(String code, Span span, String message) {
    return new Diagnostic(
        code, Severity.WARNING, span, message, "", "", Optional.empty(), List.of());
  }

  public Diagnostic help(String text) {
    return new Diagnostic(code, severity, span, message, label, within, Optional.of(text), related);
  }

  public Diagnostic label(String text) {
    return new Diagnostic(code, severity, span, message, text, within, help, related);
  }

  public Diagnostic within(String text) {
    return new Diagnostic(code, severity, span, message, label, text, help, related);
  }

  public Diagnostic related(Span place, String text) {
    List<Related> more = new java.util.ArrayList<>(related);
    more.add(new Related(place, text));
    return new Diagnostic(code, severity, span, message, label, within, help, more);
  }
}
