package dev.heal.dsl.format;

import dev.heal.dsl.parse.HealFileParser;
import dev.heal.dsl.parse.ParseResult;
import dev.heal.dsl.text.SourceFile;
import dev.heal.dsl.tree.Tree;
import java.util.List;
import java.util.Optional;

/**
 * Writes a file in its canonical form: two blanks of indentation, one blank between words, at most
 * one empty line between things. Values of statements that stand one below the other form a column,
 * and so do their comments. What the author joined by commas or kept in a block on one line stays
 * so where it fits in 120 columns.
 */
public final class Formatter {
  private Formatter() {}

  /**
   * Formats a file; a file with syntax errors is refused with them.
   *
   * @throws IllegalStateException if the result would not say the same, which is a bug of heal
   */
  public static FormatResult format(SourceFile source) {
    ParseResult parsed = HealFileParser.parse(source);
    if (parsed.hasErrors()) {
      return new FormatResult(Optional.empty(), parsed.diagnostics());
    }
    String text = new Layout(parsed.tree()).text();
    ParseResult again = HealFileParser.parse(new SourceFile(source.name(), text));
    if (again.hasErrors() || !saysTheSame(parsed.tree(), again.tree())) {
      throw new IllegalStateException(
          "the formatter would change what `" + source.name() + "` says; nothing was written");
    }
    return new FormatResult(Optional.of(text), parsed.diagnostics());
  }

  private static boolean saysTheSame(Tree before, Tree after) {
    return before.edition() == after.edition()
        && comments(before).equals(comments(after))
        && TreeComparison.same(before.declarations(), after.declarations());
  }

  private static List<String> comments(Tree tree) {
    return tree.comments().stream().map(Tree.Comment::text).toList();
  }
}
