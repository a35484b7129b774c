package dev.heal.dsl.check;

import dev.heal.dsl.diagnostic.Diagnostic;
import dev.heal.dsl.diagnostic.Severity;
import dev.heal.dsl.text.Nearest;
import dev.heal.dsl.text.Span;
import dev.heal.dsl.tree.Name;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** The mistakes found so far, and the declaration that is looked at. */
final class Findings {
  private static final int MOST_COMPARED = 200_000;

  private final List<Diagnostic> found = new ArrayList<>();

  /** Those of {@link #found} that say what could not be read; the parser bounds their number. */
  private final List<Diagnostic> unread = new ArrayList<>();

  private boolean declarationsMissing;
  private int compared;
  private String within = "";
  private Optional<Span> place = Optional.empty();

  /** What follows is about a declaration. */
  void enter(String declaration, Span whole) {
    within = declaration;
    place = Optional.of(whole);
  }

  /** What follows is about no single declaration. */
  void leave() {
    within = "";
    place = Optional.empty();
  }

  /**
   * Whether the mistake only follows from another one: something is missing in a declaration in
   * which a statement could not be read, or a name is unknown while a whole declaration could not.
   */
  private boolean follows(CheckCode code) {
    return switch (code) {
      case H0213, H0606 -> place.isPresent() && unread.stream().anyMatch(this::unreadInPlace);
      case H0201, H0202, H0214, H0215, H0504, H0609 -> declarationsMissing;
      default -> false;
    };
  }

  private boolean unreadInPlace(Diagnostic diagnostic) {
    Span whole = place.orElseThrow();
    return diagnostic.span().file() == whole.file()
        && diagnostic.span().start() >= whole.start()
        && diagnostic.span().start() <= whole.end();
  }

  void add(CheckCode code, Span span, String message) {
    add(code, span, message, Optional.empty());
  }

  void add(CheckCode code, Span span, String message, String help) {
    add(code, span, message, Optional.of(help));
  }

  void add(CheckCode code, Span span, String message, Optional<String> help) {
    if (follows(code)) {
      return;
    }
    Diagnostic diagnostic =
        code.severity() == Severity.ERROR
            ? Diagnostic.error(code.name(), span, message)
            : Diagnostic.warning(code.name(), span, message);
    Diagnostic placed = diagnostic.within(within);
    keep(help.map(placed::help).orElse(placed));
  }

  void add(Diagnostic diagnostic) {
    keep(diagnostic.within(within));
  }

  /** A message that shows a second place. */
  void add(CheckCode code, Span span, String message, String help, Diagnostic.Related other) {
    Diagnostic diagnostic =
        code.severity() == Severity.ERROR
            ? Diagnostic.error(code.name(), span, message)
            : Diagnostic.warning(code.name(), span, message);
    add(diagnostic.help(help).related(other.span(), other.label()));
  }

  private void keep(Diagnostic diagnostic) {
    found.add(diagnostic);
    if (diagnostic.code().startsWith("H01")) {
      unread.add(diagnostic);
    }
    declarationsMissing |=
        diagnostic.code().equals("H0108")
            || diagnostic.code().equals("H0106")
            || diagnostic.code().equals(CheckCode.H0207.name())
            || diagnostic.code().equals(CheckCode.H0210.name());
  }

  /**
   * {@code did you mean `x`?}, where a known word is close. A file of nothing but mistakes among
   * very many names gets suggestions for the first of them only: each costs time.
   */
  Optional<String> near(String written, Collection<String> known) {
    compared += known.size();
    return compared > MOST_COMPARED
        ? Optional.empty()
        : Nearest.to(written, known).map(word -> "did you mean `" + word + "`?");
  }

  /** What a name stands for cannot be used in this way. */
  <T> Optional<T> wrongKind(Name name, String why) {
    add(CheckCode.H0305, name.span(), "`" + name.text() + "` " + why);
    return Optional.empty();
  }

  boolean hasErrors() {
    return found.stream().anyMatch(Diagnostic::isError);
  }

  List<Diagnostic> all() {
    return List.copyOf(found);
  }
}
