package dev.heal.dsl.parse;

import dev.heal.dsl.diagnostic.Diagnostic;
import dev.heal.dsl.text.SourceFile;
import dev.heal.dsl.text.Span;
import dev.heal.dsl.tree.Statement;
import dev.heal.dsl.tree.Statement.ConditionWord;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Statements out of pieces. */
final class Statements {
  private final SourceFile source;
  private final List<Diagnostic> diagnostics;
  private final PieceParser parser;
  private final Values values;
  private final Conditions conditions;

  Statements(SourceFile source, List<Diagnostic> diagnostics, PieceParser parser, Values values) {
    this.source = source;
    this.diagnostics = diagnostics;
    this.parser = parser;
    this.values = values;
    this.conditions = new Conditions(values, diagnostics);
  }

  List<Statement> statements(List<Piece> pieces) {
    List<Statement> statements = new ArrayList<>();
    for (Piece piece : pieces) {
      if (FirstMistakes.areEnough(diagnostics)) {
        break;
      }
      // what stands in the block is looked at even where the head is wrong: every mistake in one
      // run
      Optional<HealParser.StatementContext> head =
          parser.parse(piece.tokens(), HealParser::statement);
      Optional<List<Statement>> block = piece.block().map(this::statements);
      head.flatMap(h -> statement(h, piece, block)).ifPresent(statements::add);
    }
    return statements;
  }

  private Optional<Statement> statement(
      HealParser.StatementContext head, Piece piece, Optional<List<Statement>> block) {
    Span span = Outline.span(source, piece.tokens());
    if (piece.close().isPresent()) {
      span = span.to(values.span(piece.close().get()));
    }
    if (head instanceof HealParser.WhenStatementContext when) {
      return conditional(ConditionWord.WHEN, when.condition(), piece, span);
    }
    if (head instanceof HealParser.ClearStatementContext clear) {
      return conditional(ConditionWord.CLEAR_WHEN, clear.condition(), piece, span);
    }
    if (head instanceof HealParser.CuredStatementContext cured) {
      return conditional(ConditionWord.CURED_WHEN, cured.condition(), piece, span);
    }
    if (head instanceof HealParser.StartStatementContext start) {
      return conditional(ConditionWord.START_WHEN, start.condition(), piece, span);
    }
    if (head instanceof HealParser.WhereStatementContext where) {
      return conditional(ConditionWord.WHERE, where.condition(), piece, span);
    }
    if (head instanceof HealParser.ConfirmStatementContext confirm) {
      return conditional(ConditionWord.CONFIRM, confirm.condition(), piece, span);
    }
    Span headSpan = Outline.span(source, piece.tokens());
    if (head instanceof HealParser.OrElseStatementContext) {
      return Optional.of(setting("or else", List.of(), block, piece, headSpan, span));
    }
    if (head instanceof HealParser.GiveUpStatementContext) {
      return Optional.of(setting("give up", List.of(), block, piece, headSpan, span));
    }
    if (head instanceof HealParser.SettingStatementContext setting) {
      return Optional.of(
          setting(
              setting.word().getText(),
              setting.value().stream().map(values::value).toList(),
              block,
              piece,
              values.span(setting.word()),
              span));
    }
    throw new IllegalStateException("no statement for " + head.getClass());
  }

  private static Statement setting(
      String word,
      List<dev.heal.dsl.tree.Value> written,
      Optional<List<Statement>> block,
      Piece piece,
      Span wordSpan,
      Span span) {
    return new Statement.Setting(word, written, block, piece.afterComma(), wordSpan, span);
  }

  private Optional<Statement> conditional(
      ConditionWord word, HealParser.ConditionContext context, Piece piece, Span span) {
    if (piece.open().isPresent()) {
      diagnostics.add(
          Diagnostic.error(
              SyntaxCode.H0105.name(),
              values.span(piece.open().get()),
              "a condition has no block"));
      return Optional.empty();
    }
    int words = word.words().contains(" ") ? 2 : 1;
    Span wordSpan = Outline.span(source, piece.tokens().subList(0, words));
    return Optional.of(
        new Statement.Conditional(word, conditions.condition(context), wordSpan, span));
  }
}
