package dev.heal.dsl.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heal.dsl.Examples;
import dev.heal.dsl.diagnostic.Diagnostic;
import dev.heal.dsl.diagnostic.HumanRenderer;
import dev.heal.dsl.text.SourceFile;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** No text, however mangled, makes the parser or checker fail, or fail without a word. */
class MutationFuzzTest {
  private static final int MUTANTS = Integer.getInteger("heal.fuzz.mutants", 200_000);
  private static final long SEED = Long.getLong("heal.fuzz.seed", 20260105L);
  private static final Pattern FOREIGN_WORDS =
      Pattern.compile(
          "antlr|viable|mismatched|extraneous|java\\.|Exception|drools", Pattern.CASE_INSENSITIVE);
  private static final List<String> TOKENS =
      List.of(
          "{",
          "}",
          "(",
          ")",
          "[",
          "]",
          ",",
          "\n",
          "=",
          "==",
          ">=",
          "for",
          "and",
          "or",
          "not",
          "over",
          "when",
          "\"",
          "`",
          "'",
          "#",
          "88C",
          "1h30m",
          "99999999999999999999",
          "%",
          "..",
          ".",
          "-",
          "on",
          "gpu",
          "service",
          "xid",
          "nan",
          "\u202e",
          "\ud83d\ude00",
          "\\",
          "\u0000",
          "é",
          "is",
          "count(",
          "within",
          "0s",
          "-5C",
          "1e9",
          "throttle gpu",
          "mode enforce");

  @Test
  void everyMutantIsUnderstoodOrRefusedWithAMessage() {
    List<String> declarations = Examples.declarations();
    HumanRenderer human = new HumanRenderer(false);
    int refused = 0;
    for (int i = 0; i < MUTANTS; i++) {
      Random random = new Random(SEED + i);
      String text = mutant(declarations, random);
      SourceFile source = new SourceFile("mutant.heal", text);
      try {
        CheckResult result = Checker.check(List.of(source), ImportResolver.NONE);
        boolean errors = result.diagnostics().stream().anyMatch(Diagnostic::isError);
        assertThat(result.policy().isPresent()).isEqualTo(!errors);
        for (Diagnostic diagnostic : result.diagnostics()) {
          assertThat(human.render(diagnostic)).startsWith(errors ? "" : "warning");
          String ours = diagnostic.message().replaceAll("`[^`]*`", "");
          assertThat(FOREIGN_WORDS.matcher(ours).find()).as(ours).isFalse();
        }
        refused += errors ? 1 : 0;
      } catch (RuntimeException | StackOverflowError failed) {
        throw new AssertionError("seed " + (SEED + i) + "\n" + text, failed);
      }
    }
    assertThat(refused).isBetween(MUTANTS / 2, MUTANTS);
  }

  private static String mutant(List<String> declarations, Random random) {
    StringBuilder text = new StringBuilder("heal 1\n");
    text.append(declarations.get(random.nextInt(declarations.size())));
    if (random.nextInt(4) == 0) {
      text.append(declarations.get(random.nextInt(declarations.size())));
    }
    int edits = 1 + random.nextInt(3);
    for (int i = 0; i < edits; i++) {
      edit(text, random);
    }
    return text.toString();
  }

  private static void edit(StringBuilder text, Random random) {
    int at = random.nextInt(text.length());
    int end = Math.min(text.length(), at + 1 + random.nextInt(12));
    switch (random.nextInt(6)) {
      case 0 -> text.delete(at, end);
      case 1 -> text.insert(at, TOKENS.get(random.nextInt(TOKENS.size())));
      case 2 -> text.insert(at, text.substring(at, end));
      case 3 -> text.setCharAt(at, (char) random.nextInt(random.nextBoolean() ? 128 : 0xFFFF));
      case 4 -> text.replace(at, end, TOKENS.get(random.nextInt(TOKENS.size())));
      default -> {
        int from = random.nextInt(text.length());
        String moved = text.substring(from, Math.min(text.length(), from + 20));
        text.insert(at, moved);
      }
    }
    if (text.length() == 0) {
      text.append('x');
    }
  }
}
