package dev.heal.dsl.parse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heal.dsl.diagnostic.HumanRenderer;
import dev.heal.dsl.text.SourceFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SourceFilesTest {

  @Test
  void aMissingFileAndADirectoryAreNamed(@TempDir Path folder) {
    assertThat(shown(SourceFiles.read(folder.resolve("none.heal"), "none.heal")))
        .contains("there is no file `none.heal`");
    assertThat(shown(SourceFiles.read(folder, "folder")))
        .startsWith("error[H0120]")
        .contains("is a directory");
  }

  @Test
  void aByteOrderMarkAndWindowsLineEndsAreAccepted(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("a.heal");
    Files.writeString(file, "\uFEFFheal 1\r\nlet a = 1\r\n");
    SourceFile source = SourceFiles.read(file, "a.heal").source().orElseThrow();
    ParseResult result = HealFileParser.parse(source);
    assertThat(result.diagnostics()).isEmpty();
    assertThat(result.tree().edition()).isEqualTo(1);
    assertThat(result.tree().declarations()).hasSize(1);
  }

  @Test
  void aFileOfOneMebibyteIsReadAndOneByteMoreRefused() {
    assertThat(SourceFiles.decode("a", new byte[0]).source()).isPresent();
    byte[] largest = "#".repeat(SourceFiles.MOST_BYTES).getBytes(StandardCharsets.UTF_8);
    assertThat(SourceFiles.decode("a", largest).source()).isPresent();
    byte[] larger = "#".repeat(SourceFiles.MOST_BYTES + 1).getBytes(StandardCharsets.UTF_8);
    assertThat(shown(SourceFiles.decode("a", larger))).startsWith("error[H0121]");
  }

  @Test
  void aNulByteIsShownWhereItStands() {
    byte[] bytes = "heal 1\nlet a\0b = 1\n".getBytes(StandardCharsets.UTF_8);
    assertThat(shown(SourceFiles.decode("a.heal", bytes)))
        .startsWith("error[H0122]: line 2 of `a.heal` holds a NUL byte\n");
  }

  @Test
  void aByteThatIsNotUtf8IsShownWhereItStands() {
    byte[] bytes = "heal 1\nlet a = \"\u00e9\"\n".getBytes(StandardCharsets.ISO_8859_1);
    assertThat(shown(SourceFiles.decode("a.heal", bytes)))
        .startsWith("error[H0122]: line 2 of `a.heal` is not UTF-8\n");
    byte[] cut = {'#', (byte) 0xE2, (byte) 0x82};
    assertThat(shown(SourceFiles.decode("a.heal", cut))).startsWith("error[H0122]: line 1");
  }

  private static String shown(SourceFiles.Read result) {
    assertThat(result.source()).isEmpty();
    return new HumanRenderer(false).render(result.diagnostic().orElseThrow());
  }
}
