package dev.heal.dsl.format;

import java.util.ArrayList;
import java.util.List;

/** The lines written so far. */
final class Page {
  private final List<String> lines = new ArrayList<>();
  private boolean commented = true;

  void line(int indent, String text) {
    for (String part : text.split("\n", -1)) {
      lines.add(" ".repeat(indent) + part);
    }
    commented = false;
  }

  /** Puts more behind the last line, which ends in no comment. */
  void more(String text) {
    int last = lines.size() - 1;
    lines.set(last, lines.get(last) + text);
  }

  int width() {
    return lines.isEmpty() ? 0 : columns(lines.get(lines.size() - 1));
  }

  static int columns(String text) {
    return text.codePointCount(0, text.length());
  }

  /** Whether the last line ends in a comment, or is none: nothing can be put behind it. */
  boolean isClosed() {
    return commented;
  }

  void trailing(String comment) {
    more("  " + comment);
    commented = true;
  }

  void comment(int indent, String comment) {
    line(indent, comment);
    commented = true;
  }

  void blank() {
    lines.add("");
    commented = true;
  }

  boolean isEmpty() {
    return lines.isEmpty();
  }

  String text() {
    return lines.isEmpty() ? "" : String.join("\n", lines) + "\n";
  }
}
