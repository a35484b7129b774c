package dev.heal.dsl.parse;

import dev.heal.dsl.text.SourceFile;
import dev.heal.dsl.text.Span;
import dev.heal.dsl.tree.Tree;
import java.util.ArrayList;
import java.util.List;
import org.antlr.v4.runtime.CharStream;
import org.antlr.v4.runtime.Token;

/** The tokens of a file, and where they stand. */
record Tokens(List<Token> visible, List<Tree.Comment> comments) {

  static Tokens of(SourceFile source) {
    return of(source, new SourceCharacters(source));
  }

  static Tokens of(SourceFile source, CharStream characters) {
    HealLexer lexer = new HealLexer(characters);
    lexer.removeErrorListeners();
    List<Token> visible = new ArrayList<>();
    List<Tree.Comment> comments = new ArrayList<>();
    for (Token token = lexer.nextToken(); token.getType() != Token.EOF; token = lexer.nextToken()) {
      if (token.getType() == HealLexer.COMMENT) {
        Span span = span(source, token);
        String text = span.text().stripTrailing();
        comments.add(
            new Tree.Comment(new Span(source, span.start(), span.start() + text.length()), text));
      } else {
        visible.add(token);
      }
    }
    return new Tokens(visible, comments);
  }

  static Span span(SourceFile source, Token token) {
    int end = Math.max(token.getStartIndex(), token.getStopIndex() + 1);
    return new Span(source, token.getStartIndex(), Math.min(end, source.text().length()));
  }
}
