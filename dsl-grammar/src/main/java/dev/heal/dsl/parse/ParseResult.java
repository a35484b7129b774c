package dev.heal.dsl.parse;

import dev.heal.dsl.diagnostic.Diagnostic;
import dev.heal.dsl.tree.Tree;
import java.util.List;

/**
 * What was understood of a file, and what was not.
 *
 * @param tree of every statement without a mistake
 */
public record ParseResult(Tree tree, List<Diagnostic> diagnostics) {
  public ParseResult {
    diagnostics = List.copyOf(diagnostics);
  }

  public boolean hasErrors() {
    return diagnostics.stream().anyMatch(Diagnostic::isError);
  }
}
