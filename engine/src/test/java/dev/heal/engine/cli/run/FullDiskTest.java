package dev.heal.engine.cli.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.heal.engine.cli.control.status.StatusPage;
import dev.heal.engine.record.EntryType;
import dev.heal.nvml.NvmlOptions;
import dev.heal.nvml.fake.FakeMachine;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The disk of a running engine is full for a while, for real: a small tmpfs. The recording has one
 * of its own, so that what was decided can be decided again. Skipped where this user may not mount
 * one.
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
      pager oncall { command ["mktemp", "@FOLDER@/pages/XXXXXX"] }
      fault odd on service { when log matches `I am odd`, clear after 10m }
      fault strange on service { when log matches `I am strange`, clear after 10m }
      policy revive {
        mode enforce
        on [odd, strange], within 30s, attempts 1 over 10m
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
    Files.createDirectory(folder.resolve("pages"));
    mount(disk());
    mount(recording());
  }

  private static void mount(Path where) throws Exception {
    Files.createDirectories(where);
    assumeTrue(
        run("mount", "-t", "tmpfs", "-o", "size=40m", "tmpfs", where.toString()) == 0,
        "a tmpfs cannot be mounted: run it as root");
  }

  @AfterEach
  void unmount() throws Exception {
    int unused = run("umount", recording().toString());
    unused = run("umount", disk().toString());
  }

  private Path recording() {
    return disk().resolve("state/recording");
  }

  private long pages() throws IOException {
    try (Stream<Path> pages = Files.list(folder.resolve("pages"))) {
      return pages.count();
    }
  }

  private String site() {
    return SITE.replace("@FOLDER@", folder.toString());
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
            SiteFile.in(folder.resolve("policies"), site()),
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
      say("I am odd");
      FakeMachine.await(() -> watched.count(EntryType.HELD, "odd") >= 2); // it was tried again
      assertThat(watched.count(EntryType.GAVE_UP, "odd")).isZero();
      assertThat(pages()).as("somebody is told, once").isOne();
      assertThat(daemon.running()).as("nothing was touched").isEqualTo(before);
      assertThat(isWritable(daemon)).isFalse();
      assertThat(failures).allMatch(why -> why.contains(" is full: nothing is begun before it"));

      Files.delete(disk().resolve("filler"));
      FakeMachine.await(() -> isWritable(daemon));
      watched.await(EntryType.CONFIRMED, "odd"); // by itself
      List<String> revived = daemon.running();
      assertThat(revived).isNotEqualTo(before);
      say("I am strange");
      watched.await(EntryType.CONFIRMED, "strange");
      assertThat(daemon.running()).isNotEqualTo(revived);
      assertThat(pages()).isOne();
    }
    Path state = disk().resolve("state");
    assertThat(ReplayLaw.journalled(state)).as("nothing is missing").isEqualTo(watched.entries);
    ReplayLaw.assertHolds(state, site());
  }
}
