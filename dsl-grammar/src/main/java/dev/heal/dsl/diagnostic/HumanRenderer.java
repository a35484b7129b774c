package dev.heal.dsl.diagnostic;

import dev.heal.dsl.text.SourceFile;
import dev.heal.dsl.text.Span;
import java.util.List;

/** Diagnostics for people: the message, the place, the line with its caret, and the help. */
public final class HumanRenderer {
  private static final int WIDEST_LINE = 200;

  private final boolean colour;

  /**
   * Makes a renderer.
   *
   * @param colour whether to use ANSI colours
   */
  public HumanRenderer(boolean colour) {
    this.colour = colour;
  }

  /** The whole text of a diagnostic, ending with a line end. */
  public String render(Diagnostic diagnostic) {
    StringBuilder out = new StringBuilder();
    boolean error = diagnostic.isError();
    String head = (error ? "error" : "warning") + "[" + diagnostic.code() + "]";
    out.append(paint(error ? "1;31" : "1;33", head));
    out.append(paint("1", ": " + diagnostic.message())).append('\n');
    place(out, " --> ", diagnostic.span());
    if (!diagnostic.within().isEmpty()) {
      out.append("  in ").append(diagnostic.within());
    }
    out.append('\n');
    line(out, diagnostic.span(), diagnostic.label(), error ? "1;31" : "1;33");
    for (Diagnostic.Related related : diagnostic.related()) {
      place(out, " ::: ", related.span());
      out.append('\n');
      line(out, related.span(), related.label(), "1;34");
    }
    diagnostic.help().ifPresent(help -> out.append("     = help: ").append(help).append('\n'));
    return out.toString();
  }

  /** {@code 2 errors, 1 warning in 3 files}. */
  public static String summary(List<Diagnostic> diagnostics, int files) {
    long errors = diagnostics.stream().filter(Diagnostic::isError).count();
    long warnings = diagnostics.size() - errors;
    return "%s, %s in %s"
        .formatted(count(errors, "error"), count(warnings, "warning"), count(files, "file"));
  }

  private static String count(long count, String what) {
    return count + " " + what + (count == 1 ? "" : "s");
  }

  private static void place(StringBuilder out, String arrow, Span span) {
    out.append(' ').append(arrow).append(span);
  }

  private void line(StringBuilder out, Span span, String label, String style) {
    SourceFile file = span.file();
    int number = span.line();
    String text = file.lineText(number);
    int column = span.column() - 1;
    int width = Math.max(1, file.text().codePointCount(span.start(), endOnLine(span)));
    int from = 0;
    if (text.length() > WIDEST_LINE) {
      from = Math.max(0, Math.min(column - 40, text.length() - WIDEST_LINE));
      text = text.substring(from, Math.min(text.length(), from + WIDEST_LINE));
    }
    width = Math.max(1, Math.min(width, text.length() - (column - from)));
    out.append("%5d | ".formatted(number)).append(shown(text)).append('\n');
    out.append("      | ").append(" ".repeat(Math.max(0, column - from)));
    String caret = "^".repeat(width) + (label.isEmpty() ? "" : " " + label);
    out.append(paint(style, caret)).append('\n');
  }

  private static int endOnLine(Span span) {
    int newline = span.file().text().indexOf('\n', span.start());
    return newline < 0 ? span.end() : Math.max(span.start(), Math.min(span.end(), newline));
  }

  /** One column for every character: tabs and control characters would move the caret. */
  private static String shown(String text) {
    StringBuilder shown = new StringBuilder(text.length());
    text.codePoints()
        .forEach(
            c -> {
              boolean hidden =
                  Character.isISOControl(c) || Character.getType(c) == Character.FORMAT;
              shown.appendCodePoint(c == '\t' ? ' ' : hidden ? '\uFFFD' : c);
            });
    return shown.toString();
  }

  private String paint(String style, String text) {
    return colour ? "\u001b[" + style + "m" + text + "\u001b[0m" : text;
  }
}
