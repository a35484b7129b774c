package dev.heal.dsl.check;

import dev.heal.dsl.diagnostic.Diagnostic;
import dev.heal.dsl.diagnostic.Severity;
import dev.heal.dsl.parse.SyntaxCode;
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

  /** Nobody reads more; errors and warnings apart, so that no error is lost behind warnings. */
  private static final int MOST = 1_000;

  private final List<Diagnostic> found = new ArrayList<>();
  private int errors;

  /** Those of {@link #found} that say what could not be read; the parser bounds their number. */
  private final List<Diagnostic> unread = new ArrayList<>();

  private boolean declarationsMissing;
  private int compared;

  /** Errors, also those that are not listed any more; and how many before the declaration. */
  private int seen;

  private int seenBefore;
  private String within = "";
  private Optional<Span> place = Optional.empty();

  /** What follows is about a declaration. */
  void enter(String declaration, Span whole) {
    within = declaration;
    place = Optional.of(whole);
    seenBefore = seen;
  }

  /** Whether the declaration that was entered has an error in it. */
  boolean hasErrorsHere() {
    return seen > seenBefore || unread.stream().anyMatch(this::unreadInPlace);
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
    seen += diagnostic.isError() ? 1 : 0;
    int before = diagnostic.isError() ? errors : found.size() - errors;
    if (before > MOST) {
      return;
    }
    found.add(before < MOST ? diagnostic : tooMany(diagnostic));
    errors += diagnostic.isError() ? 1 : 0;
    if (diagnostic.isError() && diagnostic.code().startsWith("H01")) {
      unread.add(diagnostic);
    }
    declarationsMissing |=
        diagnostic.code().equals("H0108")
            || diagnostic.code().equals("H0106")
            || diagnostic.code().equals(CheckCode.H0207.name())
            || diagnostic.code().equals(CheckCode.H0210.name());
  }

  private static Diagnostic tooMany(Diagnostic last) {
    String kind = last.isError() ? "errors" : "warnings";
    return new Diagnostic(
        SyntaxCode.H0111.name(),
        last.severity(),
        last.span(),
        "there are over 1,000 " + kind + "; the rest is not listed",
        "",
        "",
        Optional.of("mend the first ones, and check again"),
        List.of());
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
    return errors > 0;
  }

  List<Diagnostic> all() {
    return List.copyOf(found);
  }
}
