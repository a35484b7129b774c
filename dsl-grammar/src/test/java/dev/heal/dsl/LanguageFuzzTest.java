package dev.heal.dsl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heal.dsl.check.CheckResult;
import dev.heal.dsl.check.Checker;
import dev.heal.dsl.check.ImportResolver;
import dev.heal.dsl.diagnostic.Diagnostic;
import dev.heal.dsl.diagnostic.HumanRenderer;
import dev.heal.dsl.diagnostic.JsonRenderer;
import dev.heal.dsl.format.FormatResult;
import dev.heal.dsl.format.Formatter;
import dev.heal.dsl.parse.HealFileParser;
import dev.heal.dsl.parse.SourceFiles;
import dev.heal.dsl.text.SourceFile;
import dev.heal.dsl.tree.Tree;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * No input makes the language crash, hang, drop words in silence or speak of its own insides.
 * {@code -Dheal.fuzz.mutants=5000000 -Dheal.fuzz.seed=7} for a longer run.
 */
class LanguageFuzzTest {
  private static final int MUTANTS = Integer.getInteger("heal.fuzz.mutants", 200_000);
  private static final long SEED = Long.getLong("heal.fuzz.seed", 20260105L);
  private static final int BATCH = 1_000;

  /** One mutant of so many is also checked with its imports, and looked at word by word. */
  private static final int THOROUGH = 8;

  private static final Pattern INSIDES =
      Pattern.compile(
          "(?i)antlr|\\bjava\\b|exception|\\bnull\\b|<EOF>|viable|mismatched|extraneous|token"
              + "|HealParser|HealLexer|drools|@[0-9a-f]{6,}");
  private static final Pattern QUOTED = Pattern.compile("`[^\n]*`|\"[^\n]*\"");
  private static final Pattern NOT_SAID = Pattern.compile("\\\\[nt]|-");
  private static final Pattern BETWEEN_WORDS = Pattern.compile("[\\s\\p{Z}\\p{Cc}\\\\,0-9\uFEFF]");

  private static final Map<String, SourceFile> SHIPPED = Examples.shipped();
  private static final ImportResolver PACKS =
      (path, importer) -> Optional.ofNullable(SHIPPED.get(path + ".heal"));

  @Test
  void mutantsGetAnAnswer() {
    List<String> files = SHIPPED.values().stream().map(SourceFile::text).toList();
    AtomicInteger refused = new AtomicInteger();
    IntStream.range(0, (MUTANTS + BATCH - 1) / BATCH)
        .parallel()
        .forEach(
            batch -> {
              Mutator mutator = new Mutator(SEED + batch, files);
              for (int i = 0; i < Math.min(BATCH, MUTANTS); i++) {
                String which = "seed " + (SEED + batch) + ", mutant " + i;
                boolean understood = isUnderstood(mutator.next(), which, i % THOROUGH == 0);
                refused.addAndGet(understood ? 0 : 1);
              }
            });
    assertThat(refused.get()).as("mutants refused").isBetween(MUTANTS / 2, MUTANTS * 98 / 100);
  }

  @ParameterizedTest
  @EnumSource(Giants.class)
  @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD) // against hanging only
  void aGiantGetsAnAnswerToo(Giants giant) {
    isUnderstood(giant.text(1_000_000), giant.name(), false);
  }

  /** Bytes as a disk, another program or another system leaves them. */
  @Test
  void damagedBytesGetAnAnswer() {
    Random random = new Random(SEED);
    List<SourceFile> files = List.copyOf(SHIPPED.values());
    for (int i = 0; i < 500; i++) {
      String text = files.get(random.nextInt(files.size())).text();
      byte[] bytes =
          (random.nextInt(4) == 0 ? text.replace("\n", "\r\n") : text)
              .getBytes(random.nextInt(8) == 0 ? StandardCharsets.UTF_16 : StandardCharsets.UTF_8);
      for (int wounds = random.nextInt(3); wounds > 0; wounds--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      SourceFiles.Read read = SourceFiles.decode("damaged.heal", bytes);
      String which = "seed " + SEED + ", damage " + i;
      assertThat(read.source().isPresent()).as(which).isNotEqualTo(read.diagnostic().isPresent());
      read.diagnostic().ifPresent(d -> isForOperators(d, which));
      read.source().ifPresent(source -> isUnderstood(source.text(), which, true));
    }
  }

  /** Whether a file is without errors; everything that is said of it is held to be fit to read. */
  private static boolean isUnderstood(String text, String which, boolean thorough) {
    SourceFile source = new SourceFile("mutant.heal", text);
    try {
      CheckResult checked = Checker.check(List.of(source), thorough ? PACKS : ImportResolver.NONE);
      boolean errors = checked.diagnostics().stream().anyMatch(Diagnostic::isError);
      assertThat(checked.policy().isPresent()).isEqualTo(!errors);
      checked.diagnostics().stream()
          .limit(thorough ? 20 : 5)
          .forEach(d -> isForOperators(d, which));
      format(source, thorough);
      return !errors;
    } catch (RuntimeException | StackOverflowError | AssertionError crash) {
      throw new AssertionError(which + ":\n" + shown(text), crash);
    }
  }

  private static String shown(String text) {
    return text.length() <= 4_000 ? text : text.substring(0, 200) + "...";
  }

  private static void isForOperators(Diagnostic d, String which) {
    String words = d.message() + "\n" + d.label() + "\n" + d.help().orElse("");
    String ours = QUOTED.matcher(words).replaceAll("");
    if (INSIDES.matcher(ours).find() || d.message().isBlank()) {
      throw new AssertionError(which + " speaks of insides: " + words);
    }
    if (!new HumanRenderer(false).render(d).contains(d.code())
        || !JsonRenderer.render(d).contains(d.code())) {
      throw new AssertionError(which + ": the code is not shown: " + words);
    }
  }

  private static void format(SourceFile source, boolean thorough) {
    FormatResult result = Formatter.format(source);
    if (result.text().isEmpty()) {
      assertThat(result.diagnostics()).anyMatch(Diagnostic::isError);
      return;
    }
    SourceFile formatted = new SourceFile(source.name(), result.text().get());
    if (thorough) {
      assertThat(Formatter.format(formatted).text()).as("formatted twice").isEqualTo(result.text());
      assertThat(words(formatted)).as("no word is dropped in silence").isEqualTo(words(source));
    }
  }

  /**
   * The letters and brackets of a file, without comments, white space, commas, escapes and signs.
   */
  private static String words(SourceFile source) {
    StringBuilder text = new StringBuilder(source.text());
    List<Tree.Comment> comments = new ArrayList<>(HealFileParser.parse(source).tree().comments());
    for (int i = comments.size() - 1; i >= 0; i--) {
      text.delete(comments.get(i).span().start(), comments.get(i).span().end());
    }
    return BETWEEN_WORDS.matcher(NOT_SAID.matcher(text).replaceAll("")).replaceAll("");
  }
}
