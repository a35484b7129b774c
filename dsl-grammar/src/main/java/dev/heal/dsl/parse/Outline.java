package dev.heal.dsl.parse;

import dev.heal.dsl.diagnostic.Diagnostic;
import dev.heal.dsl.text.SourceFile;
import dev.heal.dsl.text.Span;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.antlr.v4.runtime.Token;
import org.jspecify.annotations.Nullable;

/**
 * Cuts the tokens of a file into pieces: blocks by braces, statements by line ends and commas. A
 * line end inside brackets, or behind {@code and}, {@code or} and a comma, is white space. Takes
 * one pass, without recursion.
 */
final class Outline {
  private static final int DEEPEST_BLOCK = 20;
  private static final int DEEPEST_BRACKET = 40;
  private static final int LONGEST_STATEMENT = 4_000;
  private static final int MOST_STATEMENTS = 50_000;

  private final SourceFile source;
  private final List<Token> tokens;
  private final List<Diagnostic> diagnostics;
  private final Deque<Level> levels = new ArrayDeque<>();
  private final Deque<Token> brackets = new ArrayDeque<>();
  private List<Token> current = new ArrayList<>();
  private boolean comma;
  private boolean spoiled;
  private int strayLine;
  private int statements;

  /** How many blocks are open below the deepest one; what stands in them is not looked at. */
  private int tooDeep;

  /** One open block. */
  private static final class Level {
    final List<Piece> pieces = new ArrayList<>();
    final List<Token> head;
    final boolean afterComma;
    final Optional<Token> open;
    final boolean spoiledHead;

    Level(List<Token> head, boolean afterComma, Optional<Token> open, boolean spoiledHead) {
      this.head = head;
      this.afterComma = afterComma;
      this.open = open;
      this.spoiledHead = spoiledHead;
    }
  }

  private Outline(SourceFile source, List<Token> tokens, List<Diagnostic> diagnostics) {
    this.source = source;
    this.tokens = tokens;
    this.diagnostics = diagnostics;
  }

  static List<Piece> of(SourceFile source, List<Token> tokens, List<Diagnostic> diagnostics) {
    return new Outline(source, tokens, diagnostics).pieces();
  }

  private List<Piece> pieces() {
    levels.push(new Level(List.of(), false, Optional.empty(), false));
    @Nullable Token last = null;
    for (int i = 0; i < tokens.size(); i++) {
      Token token = tokens.get(i);
      if ((levels.size() > 1 || !brackets.isEmpty()) && startsDeclaration(i)) {
        closeAll(last);
      }
      take(token);
      last = token;
      if (statements > MOST_STATEMENTS) {
        report(SyntaxCode.H0111, token, "the file has over 50,000 statements; split it");
        break;
      }
    }
    closeAll(last);
    return levels.element().pieces;
  }

  /**
   * Whether a declaration begins here for sure: its word stands at the left margin, and a block
   * opens on its line, which parts it from a statement such as {@code budget serving}.
   */
  private boolean startsDeclaration(int at) {
    Token token = tokens.get(at);
    return token.getCharPositionInLine() == 0
        && (at == 0 || tokens.get(at - 1).getType() == HealLexer.NL)
        && Words.TOP.contains(token.getText())
        && (Words.LINES.contains(token.getText()) || opensBlock(at));
  }

  private boolean opensBlock(int at) {
    int i = at;
    while (i < tokens.size() && tokens.get(i).getType() != HealLexer.NL) {
      if (tokens.get(i).getType() == HealLexer.LBRACE) {
        return true;
      }
      i++;
    }
    return false;
  }

  private void take(Token token) {
    if (tooDeep > 0) {
      tooDeep += token.getType() == HealLexer.LBRACE ? 1 : 0;
      tooDeep -= token.getType() == HealLexer.RBRACE ? 1 : 0;
      return;
    }
    switch (token.getType()) {
      case HealLexer.NL -> {
        if (!isSoftLineEnd()) {
          endPiece(false);
        }
      }
      case HealLexer.COMMA -> {
        if (brackets.isEmpty()) {
          endPiece(true);
        } else {
          add(token);
        }
      }
      case HealLexer.LBRACE -> openBlock(token);
      case HealLexer.RBRACE -> closeBlock(token);
      case HealLexer.LPAREN, HealLexer.LBRACK -> {
        add(token);
        brackets.push(token);
        if (brackets.size() == DEEPEST_BRACKET + 1) {
          spoil(SyntaxCode.H0111, token, "brackets are nested more than 40 deep");
        }
      }
      case HealLexer.RPAREN, HealLexer.RBRACK -> closeBracket(token);
      default -> add(token);
    }
  }

  private void add(Token token) {
    if (current.size() < LONGEST_STATEMENT) {
      current.add(token);
    } else {
      spoil(SyntaxCode.H0111, current.get(0), "this statement has over 4,000 words");
    }
  }

  /** Also over lines that are empty or hold a comment only. */
  private boolean isSoftLineEnd() {
    if (!brackets.isEmpty()) {
      return true;
    }
    if (current.isEmpty()) {
      return false;
    }
    int last = current.get(current.size() - 1).getType();
    return last == HealLexer.AND || (last == HealLexer.OR && current.size() > 1);
  }

  private void closeBracket(Token token) {
    int opener = token.getType() == HealLexer.RPAREN ? HealLexer.LPAREN : HealLexer.LBRACK;
    if (brackets.isEmpty() || brackets.element().getType() != opener) {
      spoil(SyntaxCode.H0107, token, "`" + token.getText() + "` closes nothing");
    } else {
      brackets.pop();
    }
    add(token);
  }

  private void openBlock(Token brace) {
    unclosedBrackets();
    if (levels.size() > DEEPEST_BLOCK) {
      spoil(SyntaxCode.H0111, brace, "blocks are nested more than 20 deep");
      fresh(false);
      tooDeep = 1;
      return;
    }
    if (current.isEmpty() && !spoiled && !takeHeadFromLineBefore(brace)) {
      spoil(
          SyntaxCode.H0104,
          brace,
          "this block has no head",
          "put `{` on the line of the word that it belongs to");
    }
    levels.push(new Level(current, comma, Optional.of(brace), spoiled));
    fresh(false);
  }

  /** Whether the line before is the head of this block: then only the line end is wrong. */
  private boolean takeHeadFromLineBefore(Token brace) {
    List<Piece> pieces = levels.element().pieces;
    if (pieces.isEmpty()) {
      return false;
    }
    Piece before = pieces.get(pieces.size() - 1);
    int end = Math.min(before.lastOfHead().getStopIndex() + 1, brace.getStartIndex());
    boolean adjacent = source.text().substring(end, brace.getStartIndex()).isBlank();
    if (before.block().isPresent() || !adjacent) {
      return false;
    }
    pieces.remove(pieces.size() - 1);
    current = new ArrayList<>(before.tokens());
    comma = before.afterComma();
    diagnostics.add(
        Diagnostic.error(
                SyntaxCode.H0104.name(), Tokens.span(source, brace), "`{` begins a line of its own")
            .help("put `{` at the end of the line before"));
    return true;
  }

  private void closeBlock(Token brace) {
    unclosedBrackets();
    endPiece(false);
    if (levels.size() == 1) {
      if (brace.getLine() != strayLine) {
        report(SyntaxCode.H0107, brace, "`}` closes nothing");
      }
      strayLine = brace.getLine();
      return;
    }
    pop(brace);
  }

  private void pop(Token close) {
    Level level = levels.pop();
    statements++;
    if (!level.spoiledHead && !level.head.isEmpty()) {
      levels
          .element()
          .pieces
          .add(
              new Piece(
                  level.head,
                  Optional.of(level.pieces),
                  level.afterComma,
                  level.open,
                  Optional.of(close)));
    }
  }

  private void closeAll(@Nullable Token last) {
    tooDeep = 0;
    unclosedBrackets();
    endPiece(false);
    boolean said = false;
    while (levels.size() > 1) {
      Token open = levels.element().open.orElseThrow();
      if (!said && levels.size() == 2 && statements <= MOST_STATEMENTS) {
        diagnostics.add(
            Diagnostic.error(
                    SyntaxCode.H0106.name(), Tokens.span(source, open), "this block is not closed")
                .help("add a `}` behind its last statement"));
        said = true;
      }
      pop(last == null ? open : last);
    }
  }

  private void unclosedBrackets() {
    if (!brackets.isEmpty()) {
      Token open = brackets.peekLast();
      brackets.clear();
      spoil(SyntaxCode.H0107, open, "`" + open.getText() + "` is not closed");
    }
  }

  private void endPiece(boolean byComma) {
    if (!current.isEmpty() && !spoiled) {
      levels
          .element()
          .pieces
          .add(new Piece(current, Optional.empty(), comma, Optional.empty(), Optional.empty()));
      statements++;
    }
    fresh(byComma);
  }

  private void fresh(boolean byComma) {
    current = new ArrayList<>();
    comma = byComma;
    spoiled = false;
  }

  private void spoil(SyntaxCode code, Token at, String message) {
    if (!spoiled) {
      report(code, at, message);
    }
    spoiled = true;
  }

  private void spoil(SyntaxCode code, Token at, String message, String help) {
    if (!spoiled) {
      diagnostics.add(Diagnostic.error(code.name(), Tokens.span(source, at), message).help(help));
    }
    spoiled = true;
  }

  private void report(SyntaxCode code, Token at, String message) {
    diagnostics.add(Diagnostic.error(code.name(), Tokens.span(source, at), message));
  }

  /** Where a span of tokens lies. */
  static Span span(SourceFile source, List<Token> tokens) {
    return Tokens.span(source, tokens.get(0))
        .to(Tokens.span(source, tokens.get(tokens.size() - 1)));
  }
}
