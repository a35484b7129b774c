package dev.heal.dsl.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heal.dsl.diagnostic.Diagnostic;
import dev.heal.dsl.diagnostic.HumanRenderer;
import dev.heal.dsl.parse.SourceFiles;
import dev.heal.dsl.parse.SyntaxCode;
import dev.heal.dsl.text.SourceFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * docs/errors.md has a page for every code. On each page the first file gets exactly that message
 * and no other, the message is the one that is shown, and the mended file gets none.
 *
 * <p>{@code -Dheal.golden=write} writes the messages anew.
 */
class ErrorPagesTest {
  private static final Path PAGES = Path.of("..", "docs", "errors.md");
  private static final Pattern WRONG = fence("heal-error");
  private static final Pattern MENDED = fence("heal");
  private static final Pattern MESSAGE = fence("text");
  private static final boolean WRITE = "write".equals(System.getProperty("heal.golden"));

  private static Pattern fence(String language) {
    return Pattern.compile("(?s)```" + language + "\n(.*?)```");
  }

  /** One page: its code, its title, and what stands below. */
  private record Page(String code, String title, String text) {
    String block(Pattern fence) {
      Matcher matcher = fence.matcher(text);
      assertThat(matcher.find()).as(code + " has a block " + fence).isTrue();
      return matcher.group(1);
    }

    @Override
    public String toString() {
      return code;
    }
  }

  static List<Page> pages() {
    try {
      List<Page> pages = new ArrayList<>();
      String[] parts = Files.readString(PAGES).split("(?m)^## ", -1);
      for (int i = 1; i < parts.length; i++) {
        String[] lines = parts[i].split("\n", 2);
        pages.add(new Page(lines[0].substring(0, 5), lines[0].substring(6), lines[1]));
      }
      return pages;
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  /** The pages of codes that a text can have; the others are about files that are no text. */
  static Stream<Page> examples() {
    return pages().stream()
        .filter(page -> page.code().compareTo("H0120") < 0 || page.code().compareTo("H0122") > 0);
  }

  private static List<Diagnostic> check(String example) {
    Map<String, SourceFile> files = new LinkedHashMap<>();
    String[] parts = example.replace("<U+202E>", "\u202e").split("(?m)^#--- ", -1);
    files.put("main", new SourceFile("main.heal", parts[0]));
    for (int i = 1; i < parts.length; i++) {
      String[] lines = parts[i].split("\n", 2);
      files.put(lines[0].replace(".heal", ""), new SourceFile(lines[0], lines[1]));
    }
    SourceFile main = java.util.Objects.requireNonNull(files.get("main"));
    return Checker.check(List.of(main), (path, importer) -> Optional.ofNullable(files.get(path)))
        .diagnostics();
  }

  @Test
  void everyCodeHasItsPageInTheOrderOfTheCodes() {
    List<String> expected = new ArrayList<>();
    for (SyntaxCode code : SyntaxCode.values()) {
      expected.add(code.name() + " " + code.title());
    }
    for (CheckCode code : CheckCode.values()) {
      expected.add(code.name() + " " + code.title());
    }
    assertThat(pages())
        .extracting(page -> page.code() + " " + page.title())
        .containsExactlyElementsOf(expected);
  }

  @Test
  void noCodeIsOnlyReserved() throws IOException {
    assertThat(Files.readString(PAGES)).doesNotContain("Reserved");
  }

  @ParameterizedTest
  @MethodSource("examples")
  void theFirstFileGetsThisMessageAndNoOther(Page page) {
    assertThat(check(page.block(WRONG))).extracting(Diagnostic::code).containsExactly(page.code());
  }

  @ParameterizedTest
  @MethodSource("examples")
  void theMendedFileGetsNone(Page page) {
    assertThat(check(page.block(MENDED))).extracting(d -> d.code() + " " + d.span()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("examples")
  void theMessageIsTheOneThatIsShown(Page page) throws IOException {
    shows(page, check(page.block(WRONG)));
  }

  @Test
  void filesThatAreNoTextGetTheirMessages() throws IOException {
    for (Page page : pages()) {
      if (examples().noneMatch(page::equals)) {
        SourceFiles.Read read =
            switch (page.code()) {
              case "H0120" -> SourceFiles.read(Path.of("no", "such.heal"), "no/such.heal");
              case "H0121" -> SourceFiles.decode("core.heal", new byte[SourceFiles.MOST_BYTES + 1]);
              case "H0122" ->
                  SourceFiles.decode(
                      "gpu.heal", "heal 1\n# caf\u00e9\n".getBytes(StandardCharsets.ISO_8859_1));
              default -> throw new IllegalStateException(page.code());
            };
        assertThat(read.diagnostic()).map(Diagnostic::code).contains(page.code());
        shows(page, List.of(read.diagnostic().orElseThrow()));
      }
    }
  }

  private static void shows(Page page, List<Diagnostic> diagnostics) throws IOException {
    StringBuilder text = new StringBuilder();
    diagnostics.forEach(d -> text.append(new HumanRenderer(false).render(d)));
    String shown = text.toString().replace("\u202e", "<U+202E>").strip() + "\n";
    if (WRITE) {
      String all = Files.readString(PAGES);
      int at = all.indexOf("## " + page.code());
      int from = all.indexOf("```text\n", at) + "```text\n".length();
      int to = all.indexOf("```", from);
      Files.writeString(PAGES, all.substring(0, from) + shown + all.substring(to));
    } else {
      assertThat(page.block(MESSAGE)).isEqualTo(shown);
    }
  }
}
