package dev.heal.dsl.format;

import java.util.ArrayList;
import java.util.List;

/** The lines written so far. */
final class Page {
  private final List<Line> lines = new ArrayList<>();
  private boolean commented = true;

  /** A line, or several, in no column. */
  void line(int indent, String text) {
    for (String part : text.split("\n", -1)) {
      lines.add(new Line(indent, Line.Kind.ALONE, part, "", ""));
    }
    commented = false;
  }

  /** A line whose first words are a column with those of its like. */
  void line(int indent, Line.Kind kind, String first, String rest) {
    lines.add(new Line(indent, kind, first, rest, ""));
    commented = false;
  }

  /** Puts more behind the last line, which ends in no comment. */
  void more(String text) {
    lines.set(lines.size() - 1, last().more(text));
  }

  private Line last() {
    return lines.get(lines.size() - 1);
  }

  /** How wide the last line is, in no column. */
  int width() {
    return lines.isEmpty() ? 0 : columns(last().plain());
  }

  static int columns(String text) {
    return text.codePointCount(0, text.length());
  }

  /** Whether the last line ends in a comment, or is none: nothing can be put behind it. */
  boolean isClosed() {
    return commented;
  }

  void trailing(String comment) {
    lines.set(lines.size() - 1, last().with(comment));
    commented = true;
  }

  void comment(int indent, String comment) {
    line(indent, comment);
    commented = true;
  }

  void blank() {
    lines.add(new Line(0, Line.Kind.ALONE, "", "", ""));
    commented = true;
  }

  boolean isEmpty() {
    return lines.isEmpty();
  }

  String text() {
    return lines.isEmpty() ? "" : String.join("\n", Columns.lay(lines)) + "\n";
  }
}
