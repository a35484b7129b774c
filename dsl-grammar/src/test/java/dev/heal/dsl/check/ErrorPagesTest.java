package dev.heal.dsl.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heal.dsl.parse.SyntaxCode;
import dev.heal.dsl.text.SourceFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** docs/errors.md has a heading for every code, and every example in it gives its code. */
class ErrorPagesTest {
  private static final Path PAGES = Path.of("..", "docs", "errors.md");
  private static final Pattern HEADING = Pattern.compile("(?m)^## (H\\d{4}) (.*)$");
  private static final Pattern EXAMPLE = Pattern.compile("(?s)```heal-error\n(.*?)\n```");

  @Test
  void everyCodeHasItsHeadingAndNoHeadingIsWithoutCode() throws IOException {
    List<String> expected = new ArrayList<>();
    for (SyntaxCode code : SyntaxCode.values()) {
      expected.add(code.name() + " " + code.title());
    }
    for (CheckCode code : CheckCode.values()) {
      expected.add(code.name() + " " + code.title());
    }
    List<String> headings = new ArrayList<>();
    Matcher matcher = HEADING.matcher(Files.readString(PAGES));
    while (matcher.find()) {
      headings.add(matcher.group(1) + " " + matcher.group(2));
    }
    assertThat(headings).containsExactlyElementsOf(expected);
  }

  @Test
  void everyExampleGivesTheCodeOfItsPage() throws IOException {
    String[] pages = Files.readString(PAGES).split("(?m)^## ", -1);
    for (int i = 1; i < pages.length; i++) {
      String code = pages[i].substring(0, 5);
      Matcher example = EXAMPLE.matcher(pages[i]);
      if (example.find()) {
        SourceFile source = new SourceFile(code + ".heal", example.group(1) + "\n");
        assertThat(Checker.check(List.of(source), ImportResolver.NONE).diagnostics())
            .as(pages[i])
            .anyMatch(d -> d.code().equals(code));
      }
    }
  }
}
