package dev.heal.dsl.parse;

import dev.heal.dsl.diagnostic.Diagnostic;
import dev.heal.dsl.text.Nearest;
import dev.heal.dsl.text.SourceFile;
import dev.heal.dsl.text.Span;
import dev.heal.dsl.tree.Declaration;
import dev.heal.dsl.tree.Declaration.BlockKind;
import dev.heal.dsl.tree.Name;
import dev.heal.dsl.tree.Statement;
import dev.heal.dsl.tree.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.antlr.v4.runtime.Token;

/** Declarations out of the pieces at the top of a file. */
final class Declarations {
  private final SourceFile source;
  private final List<Diagnostic> diagnostics;
  private final PieceParser parser;
  private final Values values;
  private final Statements statements;

  Declarations(SourceFile source, List<Diagnostic> diagnostics) {
    this.source = source;
    this.diagnostics = diagnostics;
    this.parser = new PieceParser(source, diagnostics);
    this.values = new Values(source, diagnostics);
    this.statements = new Statements(source, diagnostics, parser, values);
  }

  private static boolean isHeader(Piece piece) {
    return piece.first().getText().equals("heal") && piece.block().isEmpty();
  }

  /** The edition of the header; 0 and a diagnostic where there is none. */
  int edition(List<Piece> pieces) {
    if (!pieces.isEmpty() && isHeader(pieces.get(0))) {
      Piece header = pieces.get(0);
      if (header.tokens().size() == 2 && header.tokens().get(1).getText().equals("1")) {
        return 1;
      }
      error(
          SyntaxCode.H0109,
          Outline.span(source, header.tokens()),
          "this edition is not known",
          "write `heal 1`");
      return 0;
    }
    if (diagnostics.stream().noneMatch(d -> d.isError() && d.span().line() == 1)) {
      Span start = new Span(source, 0, Math.min(1, source.text().length()));
      error(
          SyntaxCode.H0109,
          pieces.isEmpty() ? start : Tokens.span(source, pieces.get(0).first()),
          "the first line does not name the edition",
          "start the file with `heal 1`");
    }
    return 0;
  }

  List<Declaration> declarations(List<Piece> pieces) {
    List<Declaration> declarations = new ArrayList<>();
    for (int i = 0; i < pieces.size() && !FirstMistakes.areEnough(diagnostics); i++) {
      Piece piece = pieces.get(i);
      if (isHeader(piece)) {
        if (i > 0) {
          error(
              SyntaxCode.H0109,
              Outline.span(source, piece.tokens()),
              "the edition stands on the first line, once",
              "delete this line");
        }
        continue;
      }
      declaration(piece).ifPresent(declarations::add);
    }
    return declarations;
  }

  private Optional<? extends Declaration> declaration(Piece piece) {
    String word = piece.first().getText();
    if (!Words.TOP.contains(word)) {
      unknown(piece, word);
      return Optional.empty();
    }
    return switch (word) {
      case "import" -> withoutBlock(piece).flatMap(this::importLine);
      case "let" -> withoutBlock(piece).flatMap(this::letLine);
      case "tune" -> withoutBlock(piece).flatMap(this::tuneLine);
      default -> block(piece, kind(word));
    };
  }

  private static BlockKind kind(String word) {
    return BlockKind.valueOf(word.toUpperCase(java.util.Locale.ROOT));
  }

  private void unknown(Piece piece, String word) {
    Token first = piece.first();
    if (first.getType() != HealLexer.NAME) {
      // a junk token has a name of its own; anything else does not begin a declaration
      diagnostics.add(new Mistakes(source).name(piece.tokens(), first));
      return;
    }
    Diagnostic error =
        Diagnostic.error(
            SyntaxCode.H0108.name(),
            Tokens.span(source, first),
            "`" + Mistakes.shorten(word) + "` does not begin a declaration");
    diagnostics.add(
        Nearest.to(word, Words.TOP)
            .map(near -> error.help("did you mean `" + near + "`?"))
            .orElseGet(
                () ->
                    error.help(
                        "a file holds fault, policy, budget, maintenance, action, check, breaker,"
                            + " test, node, service, job, pager, change, import, let and tune")));
  }

  private Optional<Piece> withoutBlock(Piece piece) {
    if (piece.open().isEmpty()) {
      return Optional.of(piece);
    }
    error(
        SyntaxCode.H0105,
        values.span(piece.open().get()),
        "`" + piece.first().getText() + "` has no block",
        "delete the block");
    return Optional.empty();
  }

  private Span span(Piece piece) {
    Span head = Outline.span(source, piece.tokens());
    return piece.close().map(c -> head.to(values.span(c))).orElse(head);
  }

  private Optional<Declaration> importLine(Piece piece) {
    return parser
        .parse(piece.tokens(), HealParser::importLine)
        .map(
            line -> {
              Optional<Name> alias =
                  line.AS() == null ? Optional.empty() : Optional.of(values.name(line.name(1)));
              Value.Text path = values.string(line.STRING().getSymbol());
              return new Declaration.Import(path, alias, span(piece));
            });
  }

  private Optional<Declaration> letLine(Piece piece) {
    return parser
        .parse(piece.tokens(), HealParser::letLine)
        .map(
            line ->
                new Declaration.Let(
                    values.name(line.name(1)), values.value(line.value()), span(piece)));
  }

  private Optional<Declaration> tuneLine(Piece piece) {
    return parser
        .parse(piece.tokens(), HealParser::tuneLine)
        .map(
            line ->
                new Declaration.Tune(
                    values.name(line.name(1)),
                    values.value(line.value()),
                    values.range(line.range()),
                    Optional.ofNullable(line.STRING()).map(s -> values.string(s.getSymbol())),
                    span(piece)));
  }

  private Optional<Declaration> block(Piece piece, BlockKind kind) {
    List<Statement> body = piece.block().map(statements::statements).orElse(List.of());
    Span head = Outline.span(source, piece.tokens());
    if (kind == BlockKind.CHANGE) {
      return withBlock(piece, kind, head, parser.parse(piece.tokens(), HealParser::changeHead))
          .map(
              line ->
                  new Declaration.Block(
                      kind,
                      Optional.of(values.name(line.dotted())),
                      Optional.of(values.name(line.kind)),
                      Optional.empty(),
                      body,
                      head,
                      span(piece)));
    }
    Optional<HealParser.BlockHeadContext> line =
        withBlock(piece, kind, head, parser.parse(piece.tokens(), HealParser::blockHead));
    return line.map(
        found -> {
          boolean named = found.dotted(0) != null && startsBeforeOn(found);
          int subject = named ? 1 : 0;
          return new Declaration.Block(
              kind,
              named ? Optional.of(values.name(found.dotted(0))) : Optional.empty(),
              found.ON() == null
                  ? Optional.empty()
                  : Optional.of(values.name(found.dotted(subject))),
              Optional.ofNullable(found.STRING()).map(s -> values.string(s.getSymbol())),
              body,
              head,
              span(piece));
        });
  }

  /** The head of a block; empty, and one diagnostic more, where the block itself is missing. */
  private <T> Optional<T> withBlock(Piece piece, BlockKind kind, Span head, Optional<T> line) {
    if (line.isEmpty() || piece.block().isPresent()) {
      return line;
    }
    error(
        SyntaxCode.H0104,
        head,
        "this " + kind.word() + " has no block",
        "add `{` at the end of the line, and `}` behind its statements");
    return Optional.empty();
  }

  private static boolean startsBeforeOn(HealParser.BlockHeadContext head) {
    return head.ON() == null
        || head.dotted(0).getStart().getStartIndex() < head.ON().getSymbol().getStartIndex();
  }

  private void error(SyntaxCode code, Span span, String message, String help) {
    diagnostics.add(Diagnostic.error(code.name(), span, message).help(help));
  }
}
