package dev.heal.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/** Takes figures and writes them, a section at a time, as text or as Markdown. */
final class Report {
  private final boolean markdown;
  private final Consumer<String> out;
  private final List<List<String>> goals = new ArrayList<>();

  /**
   * @param out is told each line
   */
  Report(boolean markdown, Consumer<String> out) {
    this.markdown = markdown;
    this.out = out;
  }

  void section(String title) {
    out.accept("");
    out.accept(markdown ? "### " + title : "== " + title);
    out.accept("");
  }

  /** A line of text below the title. */
  void note(String format, Object... values) {
    out.accept(text(format, values));
    if (markdown) {
      out.accept("");
    }
  }

  /** All rows of a table, the head first. */
  void table(List<List<String>> rows) {
    int[] widths = widths(rows);
    for (int row = 0; row < rows.size(); row++) {
      out.accept(line(rows.get(row), widths));
      if (row == 0 && markdown) {
        out.accept(rule(widths));
      }
    }
    if (markdown) {
      out.accept("");
    }
  }

  /** A goal of the design and what was measured; all goals are listed at the end. */
  void goal(String what, String measured, String goal, boolean reached) {
    goals.add(List.of(what, measured, goal, reached ? "reached" : "**not reached**"));
  }

  /** Lists the goals, where there are any. */
  void finish() {
    if (!goals.isEmpty()) {
      section("The goals of the design");
      List<List<String>> rows = new ArrayList<>();
      rows.add(List.of("what", "measured", "goal", ""));
      rows.addAll(goals);
      table(rows);
    }
  }

  static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }

  private static int[] widths(List<List<String>> rows) {
    int[] widths = new int[rows.get(0).size()];
    for (List<String> row : rows) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    return widths;
  }

  /** Words stand on the left, figures on the right. */
  private String line(List<String> cells, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      String space = " ".repeat(widths[i] - cells.get(i).length());
      line.append(markdown ? "| " : i == 0 ? "" : "  ");
      line.append(i == 0 ? cells.get(i) + space : space + cells.get(i));
      line.append(markdown ? " " : "");
    }
    return markdown ? line + "|" : line.toString().stripTrailing();
  }

  private static String rule(int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      line.append('|').append("-".repeat(widths[i] + 1)).append(i == 0 ? '-' : ':');
    }
    return line.append('|').toString();
  }
}
