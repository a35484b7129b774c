package dev.heal.dsl.parse;

import dev.heal.dsl.diagnostic.Diagnostic;
import dev.heal.dsl.text.SourceFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.antlr.v4.runtime.BailErrorStrategy;
import org.antlr.v4.runtime.CommonToken;
import org.antlr.v4.runtime.CommonTokenStream;
import org.antlr.v4.runtime.ListTokenSource;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.RecognitionException;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.atn.PredictionMode;
import org.antlr.v4.runtime.misc.ParseCancellationException;

/** Parses the tokens of one piece by one rule of the grammar. */
final class PieceParser {
  private final List<Diagnostic> diagnostics;
  private final Mistakes mistakes;
  private final HealParser parser;

  PieceParser(SourceFile source, List<Diagnostic> diagnostics) {
    this.diagnostics = diagnostics;
    this.mistakes = new Mistakes(source);
    this.parser = new HealParser(stream(List.of()));
    parser.removeErrorListeners();
    parser.setErrorHandler(new BailErrorStrategy());
    parser.getInterpreter().setPredictionMode(PredictionMode.SLL);
    parser.setBuildParseTree(true);
  }

  private static CommonTokenStream stream(List<Token> tokens) {
    List<Token> all = new ArrayList<>(tokens.size() + 1);
    all.addAll(tokens);
    all.add(new CommonToken(Token.EOF, "<EOF>"));
    return new CommonTokenStream(new ListTokenSource(all));
  }

  /** Empty, and one diagnostic more, where the piece is not of the rule. */
  <T extends ParserRuleContext> Optional<T> parse(
      List<Token> tokens, Function<HealParser, T> rule) {
    parser.setTokenStream(stream(tokens));
    try {
      return Optional.of(rule.apply(parser));
    } catch (ParseCancellationException refused) {
      Token offending =
          refused.getCause() instanceof RecognitionException cause
              ? cause.getOffendingToken()
              : tokens.get(0);
      diagnostics.add(mistakes.name(tokens, offending));
      return Optional.empty();
    }
  }
}
