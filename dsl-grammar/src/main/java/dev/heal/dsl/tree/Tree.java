package dev.heal.dsl.tree;

import dev.heal.dsl.text.SourceFile;
import dev.heal.dsl.text.Span;
import java.util.List;

/**
 * A parsed file, as written.
 *
 * @param edition the number behind {@code heal} on the first line; 0 where the line is missing
 * @param declarations in the order of the file
 * @param comments every comment, in the order of the file
 */
public record Tree(
    SourceFile source, int edition, List<Declaration> declarations, List<Comment> comments) {
  public Tree {
    declarations = List.copyOf(declarations);
    comments = List.copyOf(comments);
  }

  /** A comment with its {@code #}, to the end of its line without trailing white space. */
  public record Comment(Span span, String text) {}
}
