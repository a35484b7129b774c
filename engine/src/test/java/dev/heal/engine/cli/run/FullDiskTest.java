package dev.heal.engine.cli.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.heal.engine.cli.control.status.StatusPage;
import dev.heal.engine.journal.store.JournalReader;
import dev.heal.engine.record.Entry;
import dev.heal.engine.record.EntryType;
import dev.heal.nvml.NvmlOptions;
import dev.heal.nvml.fake.FakeMachine;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The disk of a running engine is full for a while, for real: a small tmpfs. Skipped where this
 * user may not mount one.
 */
final class FullDiskTest {
  private static final String SITE =
      """
      heal 1
      node n1 { pool "front" }
      service worker on n1 {
        run     ["sleep", "600"]
        log     "@FOLDER@/worker.log"
        restart via supervised
      }
      pager oncall { command ["touch", "@FOLDER@/paged"] }
      fault odd on service { when log matches `I am odd`, clear after 10m }
      fault strange on service { when log matches `I am strange`, clear after 10m }
      policy revive {
        mode enforce
        on [odd, strange], within 30s, attempts 3 over 10m
        try     { restart service { fresh }, takes 1s, confirm process.running for 2s, timeout 60s }
        give up { page oncall }
      }
      """;

  @TempDir private Path folder;
  private final List<String> failures = new CopyOnWriteArrayList<>();

  private final Watched watched =
      new Watched() {
        @Override
        public void journalFailed(String why) {
          failures.add(why);
        }
      };

  private Path disk() {
    return folder.resolve("disk");
  }

  @BeforeEach
  void mount() throws Exception {
    Files.createDirectory(disk());
    assumeTrue(
        run("mount", "-t", "tmpfs", "-o", "size=40m", "tmpfs", disk().toString()) == 0,
        "a tmpfs cannot be mounted: run it as root");
  }

  @AfterEach
  void unmount() throws Exception {
    int unused = run("umount", disk().toString());
  }

  private static int run(String... command) throws Exception {
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start()
        .waitFor();
  }

  private void fill() throws IOException {
    try (OutputStream out = Files.newOutputStream(disk().resolve("filler"))) {
      while (true) {
        out.write(new byte[1 << 12]);
      }
    } catch (IOException full) {
      assertThat(full).hasMessageContaining("No space left");
    }
  }

  private void say(String line) throws IOException {
    Files.writeString(folder.resolve("worker.log"), line + "\n", StandardOpenOption.APPEND);
  }

  private static boolean isWritable(Daemon daemon) {
    return !daemon.page().join().modes().contains(StatusPage.Mode.JOURNAL_NOT_WRITABLE);
  }

  @Test
  void nothingIsTouchedSomebodyIsPagedAndItGoesOnOnceThereIsSpace() throws Exception {
    Files.writeString(folder.resolve("worker.log"), "");
    Daemon.Settings settings =
        new Daemon.Settings(
            SiteFile.in(folder.resolve("policies"), SITE.replace("@FOLDER@", folder.toString())),
            disk().resolve("state"),
            "n1",
            NvmlOptions.ofThisHost(),
            Optional.empty(),
            Optional.empty(),
            true);
    try (Daemon daemon = new Daemon(settings, watched)) {
      daemon.start();
      FakeMachine.await(() -> daemon.running().size() == 1);
      List<String> before = daemon.running();
      fill();
      FakeMachine.await(
          () -> {
            try {
              say("I am odd");
            } catch (IOException e) {
              throw new IllegalStateException(e);
            }
            return watched.count(EntryType.GAVE_UP, "odd") > 0;
          });
      FakeMachine.await(() -> Files.exists(folder.resolve("paged")));
      assertThat(daemon.running()).as("nothing was touched").isEqualTo(before);
      assertThat(isWritable(daemon)).isFalse();
      assertThat(failures).allMatch(why -> why.contains(" is full: nothing is begun before it"));

      Files.delete(disk().resolve("filler"));
      FakeMachine.await(() -> isWritable(daemon));
      say("I am strange");
      watched.await(EntryType.CONFIRMED, "strange");
      assertThat(daemon.running()).isNotEqualTo(before);
    }
    try (JournalReader journal = JournalReader.open(disk().resolve("state"))) {
      List<Entry> journalled = new ArrayList<>();
      journal.forEachEntry(0, stored -> journalled.add(stored.noted().entry()));
      assertThat(journalled).as("nothing is missing").isEqualTo(watched.entries);
    }
  }
}
