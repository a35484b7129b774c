package dev.heal.dsl.parse;

import dev.heal.dsl.diagnostic.Diagnostic;
import dev.heal.dsl.text.SourceFile;
import dev.heal.dsl.tree.Declaration;
import dev.heal.dsl.tree.Tree;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The way from text to tree. */
public final class HealFileParser {
  private HealFileParser() {}

  /**
   * Parses a file. Never throws for what stands in it: the tree holds what was understood, the
   * diagnostics the rest, one for each mistake, in the order of the file.
   */
  public static ParseResult parse(SourceFile source) {
    List<Diagnostic> diagnostics = new FirstMistakes();
    Tokens tokens = Tokens.of(source);
    List<Piece> pieces = Outline.of(source, tokens.visible(), diagnostics);
    Declarations declarations = new Declarations(source, diagnostics);
    HiddenDirection.find(source, tokens, diagnostics);
    int edition = declarations.edition(pieces);
    List<Declaration> understood = declarations.declarations(pieces);
    diagnostics.sort(Comparator.comparingInt(d -> d.span().start()));
    return new ParseResult(
        new Tree(source, edition, understood, tokens.comments()), withEnd(diagnostics));
  }

  /** Says so where the file has more mistakes than are listed. */
  private static List<Diagnostic> withEnd(List<Diagnostic> diagnostics) {
    if (!FirstMistakes.areEnough(diagnostics)) {
      return diagnostics;
    }
    List<Diagnostic> all = new ArrayList<>(diagnostics);
    all.add(
        Diagnostic.error(
                SyntaxCode.H0111.name(),
                all.get(all.size() - 1).span(),
                "there are 1,000 mistakes and more; the rest of the file was not read")
            .help("see whether this is the right file"));
    return all;
  }
}
