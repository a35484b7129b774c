package dev.heal.engine.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heal.engine.record.EntryType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The reference names every word that a command can say. */
class LanguageDocumentTest {
  private static final Path REFERENCE = Path.of("..", "docs", "language.md");

  @Test
  void everyStepOfASimulationIsExplained() throws IOException {
    String page = Files.readString(REFERENCE);
    for (EntryType type : EntryType.values()) {
      assertThat(page).contains("`" + type.word() + "`");
    }
  }

  @Test
  void everyExitCodeAndEveryCommandIsExplained() throws IOException {
    String page = Files.readString(REFERENCE);
    for (ExitCode code : ExitCode.values()) {
      assertThat(page).contains("\n| " + code.number() + " | ");
    }
    for (String command : Commands.all().names()) {
      assertThat(page).containsPattern("`(heal )?" + command + "\\b");
    }
  }
}
