package dev.heal.engine.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** {@code heal fmt} on files as they are found on disks. */
@EnabledOnOs(OS.LINUX)
class FmtCommandTest {
  private static final String LOOSE = "heal   1\nlet  a=1\n";
  private static final String TIDY = "heal 1\nlet a = 1\n";

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @TempDir private Path folder;

  @Test
  void aFileIsRewrittenOnceAndKeepsItsMode() throws IOException {
    Path file = file("a.heal", LOOSE);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));

    assertThat(fmt(file)).isEqualTo(ExitCode.FINE);
    assertThat(out()).isEqualTo(file + "\n");
    assertThat(file).hasContent(TIDY);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-r-----");
    assertThat(fmt(file)).isEqualTo(ExitCode.FINE);
    assertThat(out()).isEqualTo(file + "\n"); // the second run changed nothing
    assertThat(names()).containsExactly("a.heal");
  }

  @Test
  void checkWritesNothingAndNamesWhatWouldChange() throws IOException {
    Path loose = file("loose.heal", LOOSE);
    Path tidy = file("tidy.heal", TIDY);

    assertThat(heal("fmt", "--check", loose.toString(), tidy.toString()))
        .isEqualTo(ExitCode.POLICY_ERRORS);
    assertThat(out()).isEqualTo(loose + "\n");
    assertThat(loose).hasContent(LOOSE);
    assertThat(heal("fmt", "--check", tidy.toString())).isEqualTo(ExitCode.FINE);
  }

  @Test
  void aLinkStaysALink() throws IOException {
    Path file = file("a.heal", LOOSE);
    Path link = Files.createSymbolicLink(folder.resolve("link.heal"), file.getFileName());

    assertThat(fmt(link)).isEqualTo(ExitCode.FINE);
    assertThat(link).isSymbolicLink();
    assertThat(file).hasContent(TIDY);
  }

  @Test
  void aFileThatIsNamedTwiceIsWrittenAndNotComplainedOf() throws IOException {
    Path file = file("a.heal", LOOSE);
    assertThat(fmt(file, file)).isEqualTo(ExitCode.FINE);
    assertThat(file).hasContent(TIDY);
    assertThat(err()).isEmpty();
  }

  @Test
  void windowsLineEndsAndTheByteOrderMarkAreDropped() throws IOException {
    Path file = file("a.heal", "\uFEFF" + LOOSE.replace("\n", "\r\n"));
    assertThat(fmt(file)).isEqualTo(ExitCode.FINE);
    assertThat(Files.readString(file)).isEqualTo(TIDY);
  }

  @Test
  void aMistakeInOneFileLeavesItAloneAndTheOthersAreFormatted() throws IOException {
    Path wrong = file("wrong.heal", "heal 1\nlet  a=\n");
    Path loose = file("loose.heal", LOOSE);

    assertThat(fmt(wrong, loose)).isEqualTo(ExitCode.POLICY_ERRORS);
    assertThat(wrong).hasContent("heal 1\nlet  a=\n");
    assertThat(loose).hasContent(TIDY);
    assertThat(err()).startsWith("error[H0104]");
  }

  @Test
  void whatSomebodyElseChangedMeanwhileIsTheirs() throws IOException {
    Path file = file("a.heal", "heal 1\nlet b = 2\n");
    assertThatThrownBy(() -> FileRewrite.write(file, LOOSE, TIDY))
        .hasMessage("`" + file + "` was changed meanwhile; run it again");
    assertThat(file).hasContent("heal 1\nlet b = 2\n");
  }

  @Test
  void whatIsNoRegularFileIsNeverReplaced() throws IOException {
    Path device = Path.of("/dev/null");
    assertThatThrownBy(() -> FileRewrite.write(device, "", TIDY))
        .hasMessage("`/dev/null` is not a regular file");
    assertThat(fmt(device)).isEqualTo(ExitCode.POLICY_ERRORS);
    assertThat(err()).startsWith("error[H0109]");
  }

  @Test
  void missingAndUnfitFilesAreNamedAndNothingIsWritten() throws IOException {
    assertThat(fmt(folder.resolve("none.heal"))).isEqualTo(ExitCode.POLICY_ERRORS);
    assertThat(err()).contains("error[H0120]: there is no file");
    assertThat(fmt(file("empty.heal", ""))).isEqualTo(ExitCode.POLICY_ERRORS);
    assertThat(err()).contains("error[H0109]");
    assertThat(fmt(file("nul.heal", "heal 1\n\0"))).isEqualTo(ExitCode.POLICY_ERRORS);
    assertThat(err()).contains("error[H0122]");
    assertThat(heal("fmt")).isEqualTo(ExitCode.USAGE);
    assertThat(heal("fmt", Files.createDirectory(folder.resolve("d")).toString()))
        .isEqualTo(ExitCode.USAGE);
    assertThat(err()).contains("there is no .heal file in `" + folder.resolve("d") + "`");
    assertThat(heal("fmt", "")).isEqualTo(ExitCode.USAGE);
    assertThat(heal("check", "")).isEqualTo(ExitCode.USAGE);
    assertThat(err()).contains("heal: a path is empty");
  }

  private Path file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private ExitCode fmt(Path... files) {
    List<String> line = new ArrayList<>(List.of("fmt"));
    Stream.of(files).map(Path::toString).forEach(line::add);
    return heal(line.toArray(String[]::new));
  }

  private ExitCode heal(String... arguments) {
    Console console = Console.of(InputStream.nullInputStream(), out, err);
    return new HealCommand(Commands.all(), console, Map.of()).run(List.of(arguments));
  }

  private String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  private String err() {
    return err.toString(StandardCharsets.UTF_8);
  }
}
