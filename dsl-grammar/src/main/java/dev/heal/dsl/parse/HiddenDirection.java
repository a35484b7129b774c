package dev.heal.dsl.parse;

import dev.heal.dsl.diagnostic.Diagnostic;
import dev.heal.dsl.text.SourceFile;
import dev.heal.dsl.text.Span;
import dev.heal.dsl.tree.Tree;
import java.util.List;
import org.antlr.v4.runtime.Token;

/**
 * Finds characters in comments, strings and patterns that turn the reading direction: with them a
 * line can look like another one (Unicode Technical Report 36). Elsewhere they are errors.
 */
final class HiddenDirection {
  private HiddenDirection() {}

  static void find(SourceFile source, Tokens tokens, List<Diagnostic> diagnostics) {
    for (Tree.Comment comment : tokens.comments()) {
      look(comment.span(), "this comment", diagnostics);
    }
    for (Token token : tokens.visible()) {
      if (token.getType() == HealLexer.STRING || token.getType() == HealLexer.RAW) {
        look(Tokens.span(source, token), "this text", diagnostics);
      }
    }
  }

  private static void look(Span span, String what, List<Diagnostic> diagnostics) {
    String text = span.file().text();
    for (int i = span.start(); i < span.end(); i++) {
      if (turns(text.charAt(i))) {
        diagnostics.add(
            Diagnostic.warning(
                    SyntaxCode.H0113.name(),
                    new Span(span.file(), i, i + 1),
                    "a hidden character turns the reading direction of " + what)
                .help("delete it: U+%04X".formatted((int) text.charAt(i))));
        return;
      }
    }
  }

  /** Whether a character turns the reading direction. */
  static boolean turns(char c) {
    return (c >= '\u202a' && c <= '\u202e')
        || (c >= '\u2066' && c <= '\u2069')
        || c == '\u200e'
        || c == '\u200f'
        || c == '\u061c';
  }
}
