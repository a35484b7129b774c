package dev.heal.dsl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heal.dsl.check.Checker;
import dev.heal.dsl.check.ImportResolver;
import dev.heal.dsl.diagnostic.Diagnostic;
import dev.heal.dsl.diagnostic.HumanRenderer;
import dev.heal.dsl.diagnostic.JsonRenderer;
import dev.heal.dsl.format.FormatResult;
import dev.heal.dsl.format.Formatter;
import dev.heal.dsl.parse.HealFileParser;
import dev.heal.dsl.parse.ParseResult;
import dev.heal.dsl.text.SourceFile;
import dev.heal.dsl.tree.Tree;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** No input makes the language crash, hang, drop words in silence or speak of its own insides. */
class LanguageFuzzTest {
  private static final int MUTANTS = Integer.getInteger("heal.fuzz.mutants", 30_000);
  private static final long SEED = Long.getLong("heal.fuzz.seed", 20260105L);
  private static final int BATCH = 1_000;
  private static final long ONE_SECOND = 1_000_000_000L;
  private static final Pattern INSIDES =
      Pattern.compile(
          "(?i)antlr|\\bjava\\b|exception|\\bnull\\b|<EOF>|viable|mismatched|extraneous|token"
              + "|HealParser|HealLexer|drools|@[0-9a-f]{6,}");

  /** Every step that a file can go through; each yields what it has to say. */
  private static final Map<String, Function<SourceFile, List<Diagnostic>>> STAGES =
      Map.of(
          "parse", source -> HealFileParser.parse(source).diagnostics(),
          "format", LanguageFuzzTest::format,
          "check", LanguageFuzzTest::check);

  @Test
  void mutantsGetAnAnswer() throws IOException {
    List<String> files = files();
    IntStream.range(0, (MUTANTS + BATCH - 1) / BATCH)
        .parallel()
        .forEach(
            batch -> {
              Mutator mutator = new Mutator(SEED + batch, files);
              for (int i = 0; i < Math.min(BATCH, MUTANTS); i++) {
                answer(mutator.next(), "seed " + (SEED + batch) + ", mutant " + i);
              }
            });
  }

  static Stream<String> giants() {
    String heal = "heal 1\n";
    int size = 1_000_000;
    return Stream.of(
        "(".repeat(size),
        "[".repeat(size),
        "{".repeat(size),
        "}".repeat(size),
        "{\n".repeat(size / 2),
        heal + "fault f on gpu {\n  when " + "(".repeat(size) + ")".repeat(1000) + "\n}\n",
        heal + "fault f on gpu {\n  when " + "not ".repeat(size / 4) + "a\n}\n",
        heal + "fault f on gpu {\n  when " + "a and ".repeat(size / 6) + "a\n}\n",
        heal + "fault f on gpu {\n  when " + "count(".repeat(size / 6) + "\n}\n",
        heal + "fault f on gpu {\n  a [" + "1, ".repeat(size / 3) + "]\n}\n",
        heal + "fault f on gpu {\n" + "a b\n".repeat(100_000) + "}\n",
        heal + "fault f on gpu {\n" + "a = b\n".repeat(100_000) + "}\n",
        heal + "let a = 1\n".repeat(100_000),
        heal + "fault f on gpu {\n".repeat(60_000),
        "a ".repeat(size / 2),
        "a.".repeat(size / 2),
        "a-".repeat(size / 2),
        heal + "let a = " + "9".repeat(size) + "\n",
        heal + "let a = " + "1h".repeat(size / 2) + "\n",
        heal + "let a = \"" + "x".repeat(size),
        "\"\\".repeat(size / 2),
        "\",\\".repeat(size / 3),
        "`,".repeat(size / 2),
        "/*".repeat(size / 2),
        "'".repeat(size),
        "\u00e9".repeat(size / 2),
        "\u4e00 ".repeat(size / 4),
        "\ud83d\ude00".repeat(size / 4),
        "\u202e".repeat(size / 3),
        "#" + "\u4e00".repeat(size / 3),
        "\n".repeat(size),
        ",".repeat(size),
        "..".repeat(size / 2),
        "\r".repeat(size));
  }

  @ParameterizedTest
  @MethodSource("giants")
  void aGiantGetsAnAnswerToo(String text) {
    SourceFile warmUp = new SourceFile("small.heal", text.substring(0, 20_000));
    STAGES.values().forEach(stage -> assertThat(stage.apply(warmUp)).isNotNull());
    answer(text, "giant");
  }

  private static void answer(String text, String which) {
    SourceFile source = new SourceFile("mutant.heal", text);
    STAGES.forEach(
        (name, stage) -> {
          long before = cpu();
          List<Diagnostic> said;
          try {
            said = stage.apply(source);
          } catch (RuntimeException | StackOverflowError | AssertionError crash) {
            throw new AssertionError(which + ", " + name + ":\n" + shown(text), crash);
          }
          assertThat(cpu() - before)
              .as("processor time of %s, %s:\n%s", which, name, shown(text))
              .isLessThan(name.equals("format") ? 3 * ONE_SECOND : ONE_SECOND);
          said.stream().limit(20).forEach(d -> isForOperators(d, which, text));
        });
  }

  private static String shown(String text) {
    return text.length() <= 4_000 ? text : text.substring(0, 200) + "...";
  }

  private static long cpu() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  private static void isForOperators(Diagnostic d, String which, String text) {
    String words = d.message() + "\n" + d.label() + "\n" + d.help().orElse("");
    String ours = words.replaceAll("`[^\n]*`|\"[^\n]*\"", "");
    assertThat(INSIDES.matcher(ours).find())
        .as("%s speaks of insides: %s\n%s", which, words, shown(text))
        .isFalse();
    assertThat(d.message()).isNotBlank();
    assertThat(new HumanRenderer(false).render(d)).contains(d.code());
    assertThat(JsonRenderer.render(d)).contains(d.code());
  }

  private static List<Diagnostic> format(SourceFile source) {
    ParseResult parsed = HealFileParser.parse(source);
    if (parsed.hasErrors()) {
      return parsed.diagnostics();
    }
    FormatResult result = Formatter.format(source);
    SourceFile formatted = new SourceFile(source.name(), result.text().orElseThrow());
    if (source.text().length() < 100_000) {
      assertThat(Formatter.format(formatted).text()).as("formatted twice").isEqualTo(result.text());
      assertThat(words(HealFileParser.parse(formatted).tree()))
          .as("no word is dropped in silence")
          .isEqualTo(words(parsed.tree()));
    }
    return parsed.diagnostics();
  }

  /** The letters and brackets of a file, without comments, white space, commas and escapes. */
  private static String words(Tree tree) {
    StringBuilder text = new StringBuilder(tree.source().text());
    List<Tree.Comment> comments = new ArrayList<>(tree.comments());
    for (int i = comments.size() - 1; i >= 0; i--) {
      text.delete(comments.get(i).span().start(), comments.get(i).span().end());
    }
    return text.toString()
        .replaceAll("\\\\[nt]", "")
        .replaceAll("[\\s\\p{Z}\\p{Cc}\\\\,0-9\uFEFF]", "");
  }

  private static List<Diagnostic> check(SourceFile source) {
    return Checker.check(List.of(source), ImportResolver.NONE).diagnostics();
  }

  /** The examples, and every pack that is shipped. */
  private static List<String> files() throws IOException {
    List<String> files = new ArrayList<>();
    for (String name : List.of("tour.heal", "site.heal")) {
      try (InputStream in = LanguageFuzzTest.class.getResourceAsStream("/dev/heal/dsl/" + name)) {
        files.add(new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8));
      }
    }
    Path rules = Path.of("..", "rules");
    if (Files.isDirectory(rules)) {
      try (Stream<Path> paths = Files.walk(rules)) {
        for (Path path : paths.filter(p -> p.toString().endsWith(".heal")).sorted().toList()) {
          files.add(Files.readString(path));
        }
      }
    }
    return files;
  }
}
