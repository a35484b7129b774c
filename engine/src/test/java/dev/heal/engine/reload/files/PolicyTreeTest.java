package dev.heal.engine.reload.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A folder is listed while others write into it. */
class PolicyTreeTest {
  private static final int LISTINGS = 3_000;

  @TempDir Path folder;

  @Test
  void aFileThatVanishesWhileTheFolderIsListedIsNotThere() throws Exception {
    Path policy = Files.writeString(folder.resolve("a.heal"), "heal 1\n");
    AtomicBoolean ends = new AtomicBoolean();
    CompletableFuture<Void> editor = CompletableFuture.runAsync(() -> write(ends));
    try {
      for (int i = 0; i < LISTINGS; i++) {
        assertThat(PolicyTree.files(folder)).containsExactly(policy);
      }
    } finally {
      ends.set(true);
      editor.join();
    }
  }

  private void write(AtomicBoolean ends) {
    try {
      for (int i = 0; !ends.get(); i++) {
        Path below = Files.createDirectory(folder.resolve("d" + i));
        Path fresh = Files.createFile(folder.resolve(".a.heal." + i));
        Files.delete(fresh);
        Files.delete(below);
      }
    } catch (IOException broken) {
      throw new java.io.UncheckedIOException(broken);
    }
  }

  @Test
  void aFolderThatIsGoneIsAFailure() {
    assertThatThrownBy(() -> PolicyTree.files(folder.resolve("gone")))
        .isInstanceOf(NoSuchFileException.class);
  }
}
