package dev.heal.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The page with the figures: what stands between two marks is replaced, all else is kept. */
final class FiguresPage {
  static final String FROM = "<!-- figures: written by policy-tests/bench --markdown -->";
  static final String TO = "<!-- end of figures -->";

  private FiguresPage() {}

  /**
   * @throws IOException where the page cannot be written, or has not both marks
   */
  static void write(Path page, List<String> figures) throws IOException {
    List<String> lines = Files.readAllLines(page);
    int from = lines.indexOf(FROM);
    int to = lines.indexOf(TO);
    if (from < 0 || to < from) {
      throw new IOException(page + " has no place for figures: `" + FROM + "` … `" + TO + "`");
    }
    List<String> all = new ArrayList<>(lines.subList(0, from + 1));
    all.add("");
    all.addAll(figures);
    all.addAll(lines.subList(to, lines.size()));
    Files.write(page, all);
  }
}
