package dev.heal.dsl.format;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiPredicate;

/**
 * Lays lines that stand one below the other into columns: the values behind their words, then the
 * comments behind their text. An empty line, a comment line, a block over several lines and a line
 * of another kind end a column.
 *
 * <p>It looks at nothing but the words of the lines, so that columns laid twice are the same.
 */
final class Columns {
  /** Values that would stand beyond this are not laid into columns. */
  private static final int WIDEST = 120;

  /** A comment behind a longer text stands alone: it would push its neighbours off the screen. */
  private static final int WIDEST_BEFORE_COMMENT = 60;

  private Columns() {}

  static List<String> lay(List<Line> lines) {
    List<String> texts = new ArrayList<>();
    for (List<Line> column : cut(lines, Line::isLike)) {
      int wide = width(column);
      boolean fits = column.stream().allMatch(line -> Page.columns(line.text(wide)) <= WIDEST);
      column.forEach(line -> texts.add(fits ? line.text(wide) : line.plain()));
    }
    return comments(lines, texts);
  }

  private static int width(List<Line> column) {
    return column.stream()
        .filter(line -> !line.rest().isEmpty())
        .mapToInt(line -> Page.columns(line.first()))
        .max()
        .orElse(0);
  }

  private static List<String> comments(List<Line> lines, List<String> texts) {
    List<Integer> places = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      places.add(i);
    }
    List<String> laid = new ArrayList<>();
    BiPredicate<Integer, Integer> together =
        (a, b) ->
            lines.get(a).indent() == lines.get(b).indent()
                && lines.get(a).kind() == lines.get(b).kind()
                && hasColumn(lines.get(a), texts.get(a))
                && hasColumn(lines.get(b), texts.get(b));
    for (List<Integer> run : cut(places, together)) {
      int wide = run.stream().mapToInt(i -> Page.columns(texts.get(i))).max().orElse(0);
      for (int i : run) {
        String comment = lines.get(i).comment();
        String text = texts.get(i);
        laid.add(
            comment.isEmpty() ? text : text + " ".repeat(2 + wide - Page.columns(text)) + comment);
      }
    }
    return laid;
  }

  private static boolean hasColumn(Line line, String text) {
    return !line.comment().isEmpty() && Page.columns(text) <= WIDEST_BEFORE_COMMENT;
  }

  /** The runs of neighbours that belong together. */
  private static <T> List<List<T>> cut(List<T> all, BiPredicate<T, T> together) {
    List<List<T>> runs = new ArrayList<>();
    for (T one : all) {
      List<T> run = runs.isEmpty() ? List.of() : runs.get(runs.size() - 1);
      if (run.isEmpty() || !together.test(run.get(run.size() - 1), one)) {
        run = new ArrayList<>();
        runs.add(run);
      }
      run.add(one);
    }
    return runs;
  }
}
