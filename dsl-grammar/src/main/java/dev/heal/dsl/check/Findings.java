package dev.heal.dsl.check;

import dev.heal.dsl.diagnostic.Diagnostic;
import dev.heal.dsl.diagnostic.Severity;
import dev.heal.dsl.text.Nearest;
import dev.heal.dsl.text.Span;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** The mistakes found so far, and the declaration that is looked at. */
final class Findings {
  private final List<Diagnostic> found = new ArrayList<>();
  private String within = "";

  void enter(String declaration) {
    within = declaration;
  }

  void add(CheckCode code, Span span, String message) {
    add(code, span, message, Optional.empty());
  }

  void add(CheckCode code, Span span, String message, String help) {
    add(code, span, message, Optional.of(help));
  }

  void add(CheckCode code, Span span, String message, Optional<String> help) {
    Diagnostic diagnostic =
        code.severity() == Severity.ERROR
            ? Diagnostic.error(code.name(), span, message)
            : Diagnostic.warning(code.name(), span, message);
    Diagnostic placed = diagnostic.within(within);
    found.add(help.map(placed::help).orElse(placed));
  }

  void add(Diagnostic diagnostic) {
    found.add(diagnostic.within(within));
  }

  /** {@code did you mean `x`?}, where a known word is close. */
  static Optional<String> near(String written, Collection<String> known) {
    return Nearest.to(written, known).map(word -> "did you mean `" + word + "`?");
  }

  boolean hasErrors() {
    return found.stream().anyMatch(Diagnostic::isError);
  }

  List<Diagnostic> all() {
    return List.copyOf(found);
  }
}
