package dev.heal.dsl.parse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heal.dsl.Examples;
import dev.heal.dsl.text.SourceFile;
import dev.heal.dsl.tree.Declaration;
import dev.heal.dsl.tree.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HealFileParserTest {

  private static List<String> mistakes(String text) {
    return HealFileParser.parse(new SourceFile("t.heal", text)).diagnostics().stream()
        .map(d -> d.span().line() + ":" + d.span().column() + " " + d.code())
        .toList();
  }

  @Test
  void theTourHasEveryConstructAndNoMistake() {
    ParseResult tour = HealFileParser.parse(Examples.file("tour.heal"));

    assertThat(tour.diagnostics()).isEmpty();
    assertThat(tour.tree().edition()).isEqualTo(1);
    assertThat(tour.tree().declarations()).hasSize(27);
    assertThat(tour.tree().comments()).hasSize(26);
  }

  @Test
  void carriageReturnsAndAByteOrderMarkChangeNothing() {
    SourceFile unix = Examples.file("site.heal");
    SourceFile windows = new SourceFile("site.heal", unix.text().replace("\n", "\r\n"));

    ParseResult result = HealFileParser.parse(windows);

    assertThat(result.diagnostics()).isEmpty();
    assertThat(result.tree().declarations()).hasSize(4);
    assertThat(result.tree().comments().get(0).text()).doesNotEndWith("\r");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "when nvml.temperature = 88C       | 3:25 H0103",
        "when a and b or c                 | 3:16 H0110",
        "when a && b                       | 3:10 H0102",
        "when a) and b                     | 3:9 H0107",
        "severity ‘high’                   | 3:12 H0102",
        "missing: freeze                   | 3:10 H0102",
        "sample \"never closed             | 3:10 H0101",
        "when log matches `never closed    | 3:20 H0101",
        "when nvml.temperature >=          | 3:27 H0104",
        "when a for                        | 3:13 H0104",
        "when nvml.power >= 450 W          | 3:26 H0115",
        "when tеmperature                  | 3:8 H0112",
        "when // all                       | 3:8 H0102",
        "when train.loss is bad            | 3:22 H0105",
        "title \"a\\q\"                    | 3:11 H0114",
      })
  void aMistakeInAStatementIsNamedOnceAtItsPlaceAndTheRestIsUnderstood(
      String statement, String expected) {
    String text = "heal 1\nfault f on gpu {\n  " + statement + "\n  missing freeze\n}\nlet x = 3\n";

    ParseResult result = HealFileParser.parse(new SourceFile("t.heal", text));

    assertThat(mistakes(text)).containsExactly(expected);
    assertThat(result.tree().declarations()).hasSize(2);
    Declaration.Block fault = (Declaration.Block) result.tree().declarations().get(0);
    assertThat(fault.statements().get(fault.statements().size() - 1))
        .isInstanceOfSatisfying(
            Statement.Setting.class, s -> assertThat(s.word()).isEqualTo("missing"));
  }

  @Test
  void anOpenBracketIsNamedOnceAndTheNextDeclarationIsUnderstood() {
    String text = "heal 1\nfault f on gpu {\n  when (a and b\n  missing freeze\n}\nlet x = 3\n";

    assertThat(mistakes(text)).containsExactly("3:8 H0107");
    assertThat(HealFileParser.parse(new SourceFile("t.heal", text)).tree().declarations())
        .hasSize(2);
  }

  @Test
  void severalMistakesGiveOneMessageEach() {
    String text =
        """
        heal 1
        falt thermal on gpu {
          when x
        }
        fault a on gpu {
          when nvml.temperature = 5C
          severity 'x'
        }
        fault b on gpu {
          when a
        policy p {
          on a
        }
        """;

    assertThat(mistakes(text))
        .containsExactly("2:1 H0108", "6:25 H0103", "7:12 H0102", "9:16 H0106");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\n\n", "# only a comment\n", "fault f on gpu {\n}\n", "heal 2\n"})
  void aFileWithoutItsEditionIsToldOnce(String text) {
    assertThat(HealFileParser.parse(new SourceFile("t.heal", text)).diagnostics())
        .singleElement()
        .satisfies(d -> assertThat(d.code()).isEqualTo("H0109"));
  }

  @Test
  void anyNestingAndAnyLengthIsAnsweredWithADiagnostic() {
    for (String flood :
        List.of(
            "(".repeat(200_000),
            "a ".repeat(300_000),
            "not ".repeat(200_000),
            "b { ".repeat(100_000),
            "}".repeat(200_000),
            "[".repeat(200_000),
            "x and ".repeat(100_000))) {
      String text = "heal 1\nfault f on gpu {\n  when " + flood + "\n}\n";
      assertThat(HealFileParser.parse(new SourceFile("t.heal", text)).hasErrors()).isTrue();
    }
  }

  @Test
  void whatNobodyWritesIsRefusedByItsSize() {
    assertThat(mistakes("heal 1\nlet a = " + "1h".repeat(11) + "\n")).containsExactly("2:9 H0111");
    assertThat(mistakes("heal 1\nfault f on gpu {\n" + "a b\n".repeat(50_001) + "}\n"))
        .containsExactly("50002:4 H0111");
    assertThat(mistakes("heal 1\nfault f on gpu { " + "a { ".repeat(25) + "}".repeat(26) + "\n"))
        .containsExactly("2:96 H0111");
  }

  @Test
  void oneErrorIsEnoughForAThousandStrayBraces() {
    assertThat(mistakes("heal 1\n" + "}".repeat(1000) + "\n")).containsExactly("2:1 H0107");
  }
}
