package dev.heal.dsl.diagnostic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heal.dsl.text.SourceFile;
import dev.heal.dsl.text.Span;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RenderersTest {
  private static final SourceFile THERMAL =
      new SourceFile(
          "policies/thermal.heal",
          "heal 1\n"
              + "fault thermal on gpu {\n"
              + "  when nvml.temperature >= 450W for 60s\n"
              + "}\n"
              + "fault thermal on gpu {\n"
              + "\twhen \u6e29\u5ea6 \u202e!\n"
              + "}\n");

  private static Span place(String text) {
    int at = THERMAL.text().indexOf(text);
    return new Span(THERMAL, at, at + text.length());
  }

  private static final Diagnostic WRONG_UNIT =
      Diagnostic.error("H0303", place("450W"), "`450W` is not a temperature")
          .within("fault `thermal`")
          .label("nvml.temperature is in C")
          .help("write a temperature such as `88C`");

  @Test
  void aDiagnosticIsShownAsTheLanguageSays() {
    assertThat(new HumanRenderer(false).render(WRONG_UNIT))
        .isEqualTo(
            """
            error[H0303]: `450W` is not a temperature
              --> policies/thermal.heal:3:28  in fault `thermal`
                3 |   when nvml.temperature >= 450W for 60s
                  |                            ^^^^ nvml.temperature is in C
                  = help: write a temperature such as `88C`
            """);
  }

  @Test
  void tabsWideLettersAndHiddenCharactersKeepTheCaretsInPlace() {
    assertThat(new HumanRenderer(false).render(Diagnostic.warning("H0900", place("!"), "odd")))
        .isEqualTo(
            """
            warning[H0900]: odd
              --> policies/thermal.heal:6:11
                6 |     when \u6e29\u5ea6 \ufffd!
                  |                ^
            """);
  }

  @Test
  void otherPlacesAreShownAndTheListIsSortedAndCounted() {
    int second = THERMAL.text().lastIndexOf("thermal");
    Diagnostic twice =
        Diagnostic.error("H0202", new Span(THERMAL, second, second + 7), "declared twice")
            .related(place("thermal"), "first here");
    assertThat(new HumanRenderer(false).render(List.of(twice, WRONG_UNIT)))
        .endsWith(
            """
            error[H0202]: declared twice
              --> policies/thermal.heal:5:7
                5 | fault thermal on gpu {
                  |       ^^^^^^^
              ::: policies/thermal.heal:2:7
                2 | fault thermal on gpu {
                  |       ------- first here

            2 errors, 0 warnings in 1 file
            """)
        .startsWith("error[H0303]");
  }

  @Test
  void aLineOfAMebibyteIsCutAroundThePlace() {
    SourceFile long_ = new SourceFile("x.heal", "a".repeat(500_000) + "!" + "b".repeat(500_000));
    String shown =
        new HumanRenderer(false)
            .render(Diagnostic.error("H0102", new Span(long_, 500_000, 500_001), "odd"));
    assertThat(shown.lines()).allMatch(line -> line.length() < 200);
    List<String> lines = shown.lines().toList();
    assertThat(lines.get(2).charAt(lines.get(3).indexOf('^'))).isEqualTo('!');
  }

  @Test
  void colourOnlyWhereItWasAskedFor() {
    assertThat(new HumanRenderer(true).render(WRONG_UNIT)).contains("\u001b[1;31merror[H0303]");
    assertThat(new HumanRenderer(false).render(WRONG_UNIT)).doesNotContain("\u001b");
  }

  @Test
  void jsonIsOneObjectALine() {
    assertThat(JsonRenderer.render(List.of(WRONG_UNIT)))
        .isEqualTo(
            "{\"code\":\"H0303\",\"severity\":\"error\",\"file\":\"policies/thermal.heal\","
                + "\"line\":3,\"column\":28,\"endLine\":3,\"endColumn\":32,"
                + "\"message\":\"`450W` is not a temperature\","
                + "\"label\":\"nvml.temperature is in C\",\"within\":\"fault `thermal`\","
                + "\"help\":\"write a temperature such as `88C`\"}\n");
  }

  @Test
  void sarifNamesRuleMessageAndPlace() {
    assertThat(
            new SarifRenderer("1.0.0", Map.of("H0303", "wrong unit")).render(List.of(WRONG_UNIT)))
        .isEqualTo(
            "{\"$schema\":\"https://json.schemastore.org/sarif-2.1.0.json\",\"version\":\"2.1.0\","
                + "\"runs\":[{\"tool\":{\"driver\":{\"name\":\"heal\",\"version\":\"1.0.0\","
                + "\"rules\":[{\"id\":\"H0303\",\"shortDescription\":{\"text\":\"wrong unit\"}}]}},"
                + "\"columnKind\":\"unicodeCodePoints\",\"results\":[{\"ruleId\":\"H0303\","
                + "\"level\":\"error\",\"message\":{\"text\":\"`450W` is not a temperature\\n"
                + "write a temperature such as `88C`\"},\"locations\":[{\"physicalLocation\":"
                + "{\"artifactLocation\":{\"uri\":\"policies/thermal.heal\"},\"region\":"
                + "{\"startLine\":3,\"startColumn\":28,\"endLine\":3,\"endColumn\":32}}}]}]}]}\n");
  }

  @Test
  void nothingWrongGivesNoTextAndAnEmptyLog() {
    assertThat(new HumanRenderer(false).render(List.of())).isEmpty();
    assertThat(JsonRenderer.render(List.of())).isEmpty();
    assertThat(new SarifRenderer("1.0.0", Map.of()).render(List.of())).contains("\"results\":[]");
  }
}
