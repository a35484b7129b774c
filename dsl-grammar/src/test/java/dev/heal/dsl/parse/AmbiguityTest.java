package dev.heal.dsl.parse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heal.dsl.diagnostic.HumanRenderer;
import dev.heal.dsl.text.SourceFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What could be read in two ways is refused, and what cannot be seen is shown. */
class AmbiguityTest {

  @Test
  void forBehindAChainOrBehindNotIsRefused() {
    assertThat(shown("fault x on gpu {\n  when a and b for 5m\n}\n"))
        .isEqualTo(
            """
            error[H0116]: `for` behind several conditions does not say what is held
              --> t.heal:3:16
                3 |   when a and b for 5m
                  |                ^^^
                  = help: write `(a and b) for 5m`, or `a and (b for 5m)`

            1 error, 0 warnings in 1 file
            """);
    assertThat(shown("fault x on gpu {\n  when not a for 5m\n}\n"))
        .startsWith("error[H0116]: `for` behind `not`");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a for 5m",
        "(a and b) for 5m",
        "a and (b for 5m)",
        "a and (b) for 5m",
        "a for 5m and b",
        "(not a) for 5m",
        "not (a for 5m)"
      })
  void whereItIsClearWhatIsHeldNothingIsSaid(String condition) {
    assertThat(shown("fault x on gpu {\n  when " + condition + "\n}\n")).isEmpty();
  }

  @Test
  void aCommentMayStandBetweenThePartsOfACondition() {
    assertThat(shown("fault x on gpu {\n  when a and  # this\n\n  # and that\n    b\n}\n"))
        .isEmpty();
  }

  @Test
  void aStatementAtTheLeftMarginIsNoDeclaration() {
    assertThat(shown("policy p {\non a\nbudget serving\nmode observe\n}\n")).isEmpty();
  }

  @Test
  void aBraceOnTheNextLineIsOneMistakeAndTheBlockIsRead() {
    String text = "fault x on gpu\n{\n  when a ==\n}\nlet a = 1\n";
    assertThat(shown(text))
        .containsOnlyOnce("error[H0104]: `{` begins a line of its own")
        .endsWith("2 errors, 0 warnings in 1 file\n");
  }

  @Test
  void hiddenDirectionMarksAreWarnedOfInCommentsAndStrings() {
    assertThat(shown("# a \u202e b\nlet a = \"x\u2066y\"\nlet b = \"\u05d0\"\n"))
        .contains("warning[H0113]: a hidden character turns the reading direction of this comment")
        .contains("warning[H0113]: a hidden character turns the reading direction of this text")
        .doesNotContain("\u202e")
        .endsWith("0 errors, 2 warnings in 1 file\n");
  }

  @Test
  void aDeclarationWithoutItsBlockIsNotComplete() {
    for (String head : new String[] {"change policy nv.cool_down", "fault x on gpu"}) {
      assertThat(shown(head + "\n"))
          .contains("has no block")
          .endsWith("1 error, 0 warnings in 1 file\n");
    }
  }

  @Test
  void aPictureBetweenWordsIsNamedByItsCodePoint() {
    assertThat(shown("let a = \ud83d\ude00\ud83d\ude00\n"))
        .isEqualTo(
            """
            error[H0102]: a character that is not part of the language, U+1F600
              --> t.heal:2:9
                2 | let a = \ud83d\ude00\ud83d\ude00
                  |         ^^^^

            1 error, 0 warnings in 1 file
            """);
  }

  @Test
  void lettersOfAnyAlphabetStandInStringsPatternsAndComments() {
    assertThat(
            shown("let a = \"\u4e2d\u6587 \ud83d\ude00\" # \u00e9\ud83d\ude00\nlet b = 5\u00b5s\n"))
        .isEmpty();
  }

  private static String shown(String text) {
    return new HumanRenderer(false)
        .render(HealFileParser.parse(new SourceFile("t.heal", "heal 1\n" + text)).diagnostics());
  }
}
