package dev.heal.dsl.diagnostic;

import dev.heal.dsl.text.Span;
import java.util.List;

/** Diagnostics as a person reads them: place, line, carets, help. */
public final class HumanRenderer {
  private static final String RED = "\u001b[1;31m";
  private static final String YELLOW = "\u001b[1;33m";
  private static final String BLUE = "\u001b[1;34m";
  private static final String PLAIN = "\u001b[0m";

  private final boolean colour;

  /**
   * @param colour whether to write ANSI colours: only for a terminal
   */
  public HumanRenderer(boolean colour) {
    this.colour = colour;
  }

  /** All of them in order, a blank line behind each, then the summary; empty for none. */
  public String render(List<Diagnostic> diagnostics) {
    StringBuilder out = new StringBuilder();
    for (Diagnostic diagnostic : DiagnosticOrder.sorted(diagnostics)) {
      out.append(render(diagnostic)).append('\n');
    }
    if (!diagnostics.isEmpty()) {
      out.append(summary(diagnostics, DiagnosticOrder.files(diagnostics))).append('\n');
    }
    return out.toString();
  }

  /** One, with its line end. */
  public String render(Diagnostic diagnostic) {
    StringBuilder out = new StringBuilder();
    String kind = diagnostic.isError() ? "error" : "warning";
    String paint = diagnostic.isError() ? RED : YELLOW;
    out.append(paint(paint, kind + "[" + diagnostic.code() + "]"));
    out.append(": ").append(safe(diagnostic.message())).append('\n');
    out.append("  ").append(paint(BLUE, "-->")).append(' ').append(safe(place(diagnostic.span())));
    if (!diagnostic.within().isEmpty()) {
      out.append("  in ").append(safe(diagnostic.within()));
    }
    out.append('\n');
    excerpt(out, diagnostic.span(), '^', paint, diagnostic.label());
    for (Diagnostic.Related related : diagnostic.related()) {
      out.append("  ").append(paint(BLUE, ":::")).append(' ');
      out.append(safe(place(related.span()))).append('\n');
      excerpt(out, related.span(), '-', BLUE, related.label());
    }
    diagnostic
        .help()
        .ifPresent(
            help ->
                help.lines()
                    .forEach(
                        line -> {
                          out.append("      ").append(paint(BLUE, "=")).append(" help: ");
                          out.append(safe(line)).append('\n');
                        }));
    return out.toString();
  }

  /** {@code 2 errors, 1 warning in 3 files}. */
  public static String summary(List<Diagnostic> diagnostics, int files) {
    long errors = diagnostics.stream().filter(Diagnostic::isError).count();
    return count(errors, "error")
        + ", "
        + count(diagnostics.size() - errors, "warning")
        + " in "
        + count(files, "file");
  }

  private static String count(long number, String noun) {
    return number + " " + noun + (number == 1 ? "" : "s");
  }

  private static String place(Span span) {
    return span.toString();
  }

  private void excerpt(StringBuilder out, Span span, char mark, String paint, String label) {
    if (span.file().text().isEmpty()) {
      return;
    }
    SourceExcerpt excerpt = SourceExcerpt.of(span);
    out.append(paint(BLUE, "%5d |".formatted(span.line())));
    if (!excerpt.line().isEmpty()) {
      out.append(' ').append(excerpt.line());
    }
    out.append('\n').append(paint(BLUE, "      |")).append(' ');
    out.append(" ".repeat(excerpt.indent()));
    out.append(paint(paint, String.valueOf(mark).repeat(excerpt.carets())));
    if (!label.isEmpty()) {
      out.append(' ').append(safe(label));
    }
    out.append('\n');
  }

  private String paint(String colourCode, String text) {
    return colour ? colourCode + text + PLAIN : text;
  }

  /**
   * Text from files as it may stand in messages: whatever could steer a terminal, or start a line,
   * is shown as U+FFFD.
   */
  public static String safe(String text) {
    if (text.codePoints().allMatch(SourceExcerpt::isHarmless)) {
      return text;
    }
    StringBuilder safe = new StringBuilder();
    text.codePoints().forEach(c -> safe.appendCodePoint(SourceExcerpt.isHarmless(c) ? c : 0xFFFD));
    return safe.toString();
  }
}
