package dev.heal.dsl.diagnostic;

import dev.heal.dsl.text.SourceFile;
import dev.heal.dsl.text.Span;

/**
 * One line of a file as a terminal can show it, and where the carets stand under it.
 *
 * <p>Tabs become blanks, characters that move the cursor or turn the reading direction become
 * U+FFFD, and of a line that is too long only the part around the place is shown.
 *
 * @param indent columns before the first caret
 * @param carets how many carets, at least one
 */
record SourceExcerpt(String line, int indent, int carets) {
  private static final int TAB = 4;
  private static final int WIDEST = 160;
  private static final int BEFORE = 60;
  private static final String CUT = "...";

  static SourceExcerpt of(Span span) {
    SourceFile file = span.file();
    String line = file.lineText(span.line());
    int from = Math.min(span.start() - file.lineStart(span.line()), line.length());
    int to = Math.min(from + (span.end() - span.start()), line.length());
    int first = 0;
    int last = line.length();
    if (line.length() > WIDEST) {
      first = Math.max(0, from - BEFORE);
      last = Math.min(line.length(), first + WIDEST);
      to = Math.min(to, last);
    }
    String head = first > 0 ? CUT : "";
    String tail = last < line.length() ? CUT : "";
    StringBuilder shown = new StringBuilder(head);
    int column = append(shown, line, first, from, head.length());
    int behind = append(shown, line, from, to, column);
    append(shown, line, to, last, behind);
    return new SourceExcerpt(
        shown.append(tail).toString().stripTrailing(), column, Math.max(1, behind - column));
  }

  /** Appends what can be shown of a stretch; the column behind it. */
  private static int append(StringBuilder shown, String line, int from, int to, int start) {
    int column = start;
    for (int i = from; i < to; ) {
      int c = line.codePointAt(i);
      i += Character.charCount(c);
      if (c == '\t') {
        int blanks = TAB - column % TAB;
        shown.append(" ".repeat(blanks));
        column += blanks;
      } else {
        int visible = isHarmless(c) ? c : 0xFFFD;
        shown.appendCodePoint(visible);
        column += width(visible);
      }
    }
    return column;
  }

  /** Whether a character can be written to a terminal as it is. */
  static boolean isHarmless(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.UNASSIGNED,
          Character.PRIVATE_USE ->
          false;
      default -> true;
    };
  }

  /** Columns of a character: 0 for marks, 2 for East Asian wide forms and pictures, else 1. */
  private static int width(int c) {
    int type = Character.getType(c);
    if (type == Character.NON_SPACING_MARK || type == Character.ENCLOSING_MARK) {
      return 0;
    }
    boolean wide =
        (c >= 0x1100 && c <= 0x115F)
            || (c >= 0x2E80 && c <= 0xA4CF)
            || (c >= 0xAC00 && c <= 0xD7A3)
            || (c >= 0xF900 && c <= 0xFAFF)
            || (c >= 0xFE30 && c <= 0xFE6F)
            || (c >= 0xFF00 && c <= 0xFF60)
            || (c >= 0xFFE0 && c <= 0xFFE6)
            || (c >= 0x1F300 && c <= 0x1FAFF)
            || (c >= 0x20000 && c <= 0x3FFFD);
    return wide ? 2 : 1;
  }
}
