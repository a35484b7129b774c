package dev.heal.dsl.format;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heal.dsl.diagnostic.Diagnostic;
import dev.heal.dsl.parse.HealFileParser;
import dev.heal.dsl.parse.ParseResult;
import dev.heal.dsl.text.SourceFile;
import dev.heal.dsl.tree.Declaration;
import dev.heal.dsl.tree.Tree;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Whatever a file can say, however it is laid out: it is understood and formatted. */
class GeneratedTreesTest {
  private static final int TREES = Integer.getInteger("heal.generated.trees", 20_000);
  private static final long SEED = Long.getLong("heal.generated.seed", 1L);

  @Test
  void everyTreeIsUnderstoodAndFormatted() {
    LongStream.range(SEED, SEED + TREES)
        .parallel()
        .forEach(
            seed -> {
              List<Declaration> tree = new TreeGenerator(seed).declarations();
              CarelessWriter writer = new CarelessWriter(seed);
              writer.file(tree);
              try {
                holds(tree, writer.text(), writer.comments());
              } catch (RuntimeException | AssertionError failed) {
                throw new AssertionError("seed " + seed + ":\n" + writer.text(), failed);
              }
            });
  }

  private static void holds(List<Declaration> tree, String written, List<String> comments) {
    says(written, tree, comments);
    String formatted = format(written);
    says(formatted, tree, comments);
    assertThat(format(formatted)).as("formatted twice").isEqualTo(formatted);
    assertThat(formatted.lines()).as("blanks at line ends").noneMatch(line -> line.endsWith(" "));
    assertThat(formatted).doesNotContain("\n\n\n").doesNotContain("\r").endsWith("\n");
  }

  private static void says(String text, List<Declaration> tree, List<String> comments) {
    ParseResult parsed = HealFileParser.parse(new SourceFile("generated.heal", text));
    assertThat(parsed.diagnostics().stream().filter(Diagnostic::isError)).isEmpty();
    assertThat(TreeComparison.same(parsed.tree().declarations(), tree)).as(text).isTrue();
    assertThat(parsed.tree().comments().stream().map(Tree.Comment::text).toList())
        .isEqualTo(comments);
  }

  private static String format(String text) {
    return Formatter.format(new SourceFile("generated.heal", text)).text().orElseThrow();
  }
}
