package dev.heal.engine.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heal.dsl.text.SourceFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Folders of policies as they are found on disks. */
@EnabledOnOs(OS.LINUX)
class PolicyFilesTest {
  @TempDir private Path folder;

  @Test
  void eachFolderIsASetAndWhatIsBuiltIsLeftOut() throws IOException {
    file("a.heal");
    file("b/target/c.heal");
    file("target/d.heal");
    file("e.txt");
    assertThat(read(folder)).containsExactly(List.of("a.heal"), List.of("b/target/c.heal"));
  }

  /** Kubernetes links each file by way of a hidden link to a hidden folder. */
  @Test
  void theFilesOfAMountedVolumeAreThereOnce() throws IOException {
    file("..2026_01_05/a.heal");
    Files.createSymbolicLink(folder.resolve("..data"), Path.of("..2026_01_05"));
    Files.createSymbolicLink(folder.resolve("a.heal"), Path.of("..data/a.heal"));
    assertThat(read(folder)).containsExactly(List.of("a.heal"));
    assertThat(read(folder.resolve("..2026_01_05")))
        .containsExactly(List.of("..2026_01_05/a.heal"));
  }

  @Test
  void aLinkThatLeadsNowhereIsAPolicyThatIsMissing() throws IOException {
    file("a.heal");
    Files.createSymbolicLink(folder.resolve("gone.heal"), Path.of("nowhere"));
    Files.createSymbolicLink(folder.resolve("self.heal"), Path.of("self.heal"));
    Files.createSymbolicLink(folder.resolve(".#a.heal"), Path.of("me@host.1")); // an editor's lock
    PolicyFiles.FileSet set = PolicyFiles.read(List.of(folder)).get(0);
    assertThat(set.sources()).hasSize(1);
    assertThat(set.unreadable()).extracting(d -> d.code()).containsExactly("H0120", "H0120");
  }

  @Test
  void linksInARingAreNotFollowed() throws IOException {
    file("b/a.heal");
    Files.createSymbolicLink(folder.resolve("b/up"), folder);
    assertThat(read(folder)).containsExactly(List.of("b/a.heal"));
  }

  @Test
  void aFolderWithoutAnyIsNamed() {
    assertThatThrownBy(() -> read(folder))
        .isInstanceOfSatisfying(
            UsageException.class,
            e ->
                assertThat(e.explanation())
                    .isEqualTo("there is no .heal file in `" + folder + "`"));
  }

  private void file(String name) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, "heal 1\n");
  }

  private List<List<String>> read(Path path) throws IOException {
    return PolicyFiles.read(List.of(path)).stream()
        .map(set -> set.sources().stream().map(SourceFile::name).map(this::below).toList())
        .toList();
  }

  private String below(String name) {
    return folder.relativize(Path.of(name)).toString();
  }
}
