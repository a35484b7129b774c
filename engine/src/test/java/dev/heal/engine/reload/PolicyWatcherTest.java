package dev.heal.engine.reload;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What changes together on a real file system is told once, when it is at rest. */
class PolicyWatcherTest {
  @TempDir Path temp;
  private Path folder;
  private PolicyWatcher watcher;
  private final BlockingQueue<List<String>> told = new LinkedBlockingQueue<>();

  @BeforeEach
  void watch() throws IOException {
    folder = Files.createDirectories(temp.resolve("policies"));
    Files.writeString(folder.resolve("a.heal"), "heal 1\n");
    Path site = Files.writeString(temp.resolve("site.heal"), "heal 1\n");
    watcher =
        new PolicyWatcher(
            () -> List.of(folder, site),
            new PolicyWatcher.Timing(
                Duration.ofMillis(100),
                Duration.ofMillis(800),
                Duration.ofSeconds(20),
                Duration.ofSeconds(60)), // the kernel must tell
            System::nanoTime,
            new PolicyWatcher.Listener() {
              @Override
              public void changed(List<String> names) {
                told.add(
                    names.stream()
                        .map(name -> temp.relativize(Path.of(name)))
                        .map(Path::toString)
                        .toList());
              }

              @Override
              public void cannotWatch(Path unwatched, String why) {
                throw new IllegalStateException(unwatched + ": " + why);
              }
            });
    watcher.start();
  }

  @AfterEach
  void stop() throws Exception {
    watcher.close();
  }

  private List<String> next() throws InterruptedException {
    List<String> names = told.poll(30, TimeUnit.SECONDS);
    assertThat(names).as("something is told within 30 s").isNotNull();
    return names;
  }

  /** It is told, by itself or with what was seen together with it. */
  private void await(String name) throws InterruptedException {
    List<String> names = next();
    while (!names.contains(name)) {
      names = next(); // what the kernel told apart
    }
  }

  /** What is told until all of these are. */
  private List<String> told(List<String> names) throws InterruptedException {
    List<String> all = new ArrayList<>();
    while (!all.containsAll(names)) {
      all.addAll(next());
    }
    return all;
  }

  /** Nothing else is told before a change that is known to be told. */
  private void nothingElse() throws Exception {
    Files.writeString(folder.resolve("last.heal"), "heal 1\n# the last\n");
    assertThat(next()).containsExactly("policies/last.heal");
  }

  @Test
  void aFileThatIsSavedIsToldOnce() throws Exception {
    Files.writeString(folder.resolve("a.heal"), "heal 1\n# more\n");

    await("policies/a.heal");
    nothingElse();
  }

  @Test
  void theSiteIsWatchedAndItsNeighboursAreNot() throws Exception {
    Files.writeString(temp.resolve("other.heal"), "heal 1\n");
    Files.writeString(temp.resolve("site.heal"), "heal 1\n# more\n");

    await("site.heal");
    nothingElse();
  }

  @Test
  void whatEditorsPutBesideAFileIsNoChange() throws Exception {
    Files.writeString(folder.resolve(".a.heal.swp"), "x");
    Files.writeString(folder.resolve("4913"), "x");
    Files.writeString(folder.resolve("a.heal~"), "x");
    Files.createSymbolicLink(folder.resolve(".#a.heal"), Path.of("ann@host"));

    nothingElse();
  }

  @Test
  void aFileThatIsMovedIntoItsPlaceIsTold() throws Exception {
    Path fresh = Files.writeString(folder.resolve(".a.heal.tmp"), "heal 1\n# fresh\n");
    Files.move(fresh, folder.resolve("a.heal"), StandardCopyOption.ATOMIC_MOVE);

    await("policies/a.heal");
  }

  /** One comes when the one before is almost at rest: the quiet time has grown by then. */
  @Test
  void filesThatArriveOneByOneAreToldAsOneWhole() throws Exception {
    List<String> names = new ArrayList<>();
    Object pause = new Object();
    for (int i = 0; i < 8; i++) {
      Files.writeString(folder.resolve("f" + i + ".heal"), "heal 1\n");
      names.add("policies/f" + i + ".heal");
      synchronized (pause) {
        pause.wait(i < 3 ? 20 : 150);
      }
    }

    for (String name : told(names)) {
      assertThat(names).contains(name);
    }
    nothingElse();
  }

  @Test
  void theSwapOfAMountedConfigMapIsTold() throws Exception {
    for (String version : List.of("..1", "..2")) {
      Files.createDirectories(folder.resolve(version));
      Files.writeString(folder.resolve(version).resolve("b.heal"), "heal 1\n# " + version + "\n");
    }
    Files.createSymbolicLink(folder.resolve("..data"), Path.of("..1"));
    Files.createSymbolicLink(folder.resolve("b.heal"), Path.of("..data", "b.heal"));
    await("policies/b.heal");

    Path swap = Files.createSymbolicLink(folder.resolve("..data_tmp"), Path.of("..2"));
    Files.move(swap, folder.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);

    await("policies/..data");
  }

  @Test
  void aNewFolderIsWatchedToo() throws Exception {
    Files.createDirectories(folder.resolve("more"));
    await("policies/more");

    Files.writeString(folder.resolve("more").resolve("c.heal"), "heal 1\n");

    await("policies/more/c.heal");
  }

  @Test
  void aFolderThatIsReplacedIsWatchedUnderItsName() throws Exception {
    Path fresh = Files.createDirectories(temp.resolve("fresh"));
    Files.writeString(fresh.resolve("a.heal"), "heal 1\n# fresh\n");
    Files.move(folder, temp.resolve("old"));
    Files.move(fresh, folder);
    await("policies");

    Files.writeString(folder.resolve("a.heal"), "heal 1\n# fresher\n");

    await("policies/a.heal");
  }

  @Test
  void aFolderThatVanishesAndComesBackIsToldBothTimes() throws Exception {
    try (Stream<Path> all = Files.walk(folder)) {
      all.sorted(Comparator.reverseOrder()).forEach(PolicyWatcherTest::delete);
    }
    await("policies");

    Files.createDirectories(folder);
    Files.writeString(folder.resolve("a.heal"), "heal 1\n");
    await("policies");
  }

  private static void delete(Path file) {
    try {
      Files.delete(file);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}
