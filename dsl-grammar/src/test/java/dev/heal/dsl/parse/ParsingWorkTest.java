package dev.heal.dsl.parse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heal.dsl.Giants;
import dev.heal.dsl.text.SourceFile;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.antlr.v4.runtime.BailErrorStrategy;
import org.antlr.v4.runtime.CommonToken;
import org.antlr.v4.runtime.CommonTokenStream;
import org.antlr.v4.runtime.ListTokenSource;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.atn.PredictionMode;
import org.antlr.v4.runtime.misc.ParseCancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The work for a file grows as its length does: counted in looks at characters and words. */
class ParsingWorkTest {

  @ParameterizedTest
  @EnumSource(Giants.class)
  void theLexerLooksAtEachCharacterAFewTimes(Giants giant) {
    SourceFile source = new SourceFile("giant.heal", giant.text(100_000));
    CountedCharacters characters = new CountedCharacters(source);
    Tokens.of(source, characters);
    assertThat(characters.looks()).isLessThan(10L * source.text().length());
  }

  /** The lexer remembers its way for signs below U+0080 only. */
  @ParameterizedTest
  @EnumSource(Giants.class)
  void theLexerMeetsOnlySignsThatItRemembers(Giants giant) {
    SourceCharacters characters =
        new SourceCharacters(new SourceFile("giant.heal", giant.text(1_000)));
    for (; characters.LA(1) >= 0; characters.consume()) {
      assertThat(characters.LA(1)).isLessThan(0x80);
    }
  }

  @ParameterizedTest
  @EnumSource(Giants.class)
  void mistakesAreBounded(Giants giant) {
    assertThat(
            HealFileParser.parse(new SourceFile("giant.heal", giant.text(100_000))).diagnostics())
        .hasSizeLessThanOrEqualTo(FirstMistakes.MOST + 1);
  }

  static Stream<Giants> statements() {
    return Giants.statements().stream();
  }

  @ParameterizedTest
  @MethodSource("statements")
  void theParserLooksTwiceAsOftenAtAStatementTwiceAsLong(Giants giant) {
    long once = looksOfTheParser(giant.text(2_000));
    long twice = looksOfTheParser(giant.text(4_000));
    assertThat(twice).isLessThan(5 * once / 2);
  }

  @Test
  void theParserLooksABoundedNumberOfTimesIntoTheDeepestBrackets() {
    String deepest = "count((".repeat(20) + "a == 1" + ")) > 1".repeat(20);
    long looks = looksOfTheParser("heal 1\nfault f on gpu {\n  when " + deepest + "\n}\n");
    assertThat(looks).isLessThan(100_000L);
  }

  /** Over all statements of a file, right or wrong. */
  private static long looksOfTheParser(String text) {
    SourceFile source = new SourceFile("giant.heal", text);
    List<Piece> pieces = Outline.of(source, Tokens.of(source).visible(), new FirstMistakes());
    return pieces.stream()
        .flatMap(piece -> piece.block().stream().flatMap(List::stream))
        .collect(Collectors.summingLong(piece -> looks(piece.tokens())));
  }

  private static long looks(List<Token> tokens) {
    List<Token> all =
        Stream.concat(tokens.stream(), Stream.of(new CommonToken(Token.EOF, "<EOF>"))).toList();
    HealParser parser = new HealParser(new CommonTokenStream(new ListTokenSource(all)));
    parser.removeErrorListeners();
    parser.setErrorHandler(new BailErrorStrategy());
    parser.setProfile(true);
    parser.getInterpreter().setPredictionMode(PredictionMode.SLL);
    try {
      parser.statement();
    } catch (ParseCancellationException refused) {
      // the work for a wrong statement counts as well
    }
    return parser.getParseInfo().getTotalSLLLookaheadOps();
  }
}
