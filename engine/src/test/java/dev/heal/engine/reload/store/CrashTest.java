package dev.heal.engine.reload.store;

import static dev.heal.engine.reload.store.Generations.plain;
import static dev.heal.engine.reload.store.Generations.save;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.heal.engine.reload.store.GenerationStore.Listed;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The engine dies at every step of saving, and the disk fails at every step. */
@SuppressWarnings("NullAway") // a test that fails is told so
class CrashTest {
  private static final int KEPT = 3;

  /** Of an engine that is dead: nothing that it would do comes to pass. */
  private static final class Dead extends IOException {
    private static final long serialVersionUID = 1L;
  }

  @TempDir private Path folder;

  private Path stateOf(String name) throws IOException {
    Path state = Files.createDirectory(folder.resolve(name));
    GenerationStore store = GenerationStore.open(state, KEPT);
    for (int number = 1; number <= KEPT; number++) {
      save(store, number);
    }
    return state;
  }

  /** Every generation that is named is whole, and the last good one is the old or the new one. */
  private static void requireWhole(Path state, String when) throws IOException {
    GenerationStore store = GenerationStore.open(state, KEPT);
    assertThat(store.list()).as(when).isNotEmpty().hasOnlyElementsOfType(Listed.Whole.class);
    GenerationStore.Loaded last = store.lastGood().orElseThrow();
    long number = last.generation().number();
    assertThat(number).as(when).isBetween((long) KEPT, KEPT + 1L);
    assertThat(last.archive()).as(when).isEqualTo(plain(number).archive());
    assertThat(store.current()).as(when).hasValue(number);
    try (Stream<Path> files = Files.walk(state)) {
      assertThat(files).as(when).noneMatch(file -> file.toString().endsWith(".tmp"));
    }
    long next = store.nextNumber();
    save(store, next);
    assertThat(store.lastGood().orElseThrow().generation().number()).as(when).isEqualTo(next);
  }

  @Test
  void killedAtEveryStep() throws IOException {
    for (int deadly = 1; ; deadly++) {
      Path state = stateOf("killed" + deadly);
      if (dies(state, deadlyAt(deadly))) {
        requireWhole(state, "killed at step " + deadly);
      } else {
        assertThat(deadly).isGreaterThan(20);
        return;
      }
    }
  }

  /** Whatever of the names since the last sync is lost, one without the other or all. */
  @Test
  void thePowerFailsAtEveryStep() throws IOException {
    boolean died = true;
    for (int deadly = 1; died; deadly++) {
      boolean more = true;
      for (int lost = 0; more; lost++) {
        Path state = stateOf("power" + deadly + "-" + lost);
        StepDisk disk = deadlyAt(deadly);
        died = dies(state, disk);
        more = disk.cutPower(lost);
        if (!died) {
          assertThat(GenerationStore.look(state).current()).hasValue(KEPT + 1L);
        }
        requireWhole(state, "power at step " + deadly + ", lost " + lost);
      }
    }
  }

  private static StepDisk deadlyAt(int deadly) {
    return new StepDisk(
        (step, what) -> {
          if (step >= deadly) {
            throw new Dead();
          }
        });
  }

  /** Whether saving on this disk does not come to its end. */
  private static boolean dies(Path state, StepDisk disk) {
    return catchThrowable(() -> save(GenerationStore.open(state, disk, KEPT), KEPT + 1)) != null;
  }

  @Test
  void theDiskIsFullAtEveryStep() throws IOException {
    for (int full = 1; ; full++) {
      Path state = stateOf("full" + full);
      int fails = full;
      StepDisk disk =
          new StepDisk(
              (step, what) -> {
                if (step == fails) {
                  throw new IOException("No space left on device");
                }
              });
      Throwable end = catchThrowable(() -> save(GenerationStore.open(state, disk, KEPT), KEPT + 1));
      if (end == null) {
        return;
      }
      assertThat(end)
          .isInstanceOfSatisfying(
              StoreException.class,
              e -> {
                assertThat(e.kind()).isEqualTo(StoreException.Kind.FULL);
                assertThat(e.text()).endsWith(": the disk is full");
              });
      requireWhole(state, "full at step " + full);
    }
  }

  @Test
  void aRealDiskThatIsFull() throws Exception {
    Path small = Files.createDirectory(folder.resolve("small"));
    assumeTrue(
        run("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", small.toString()),
        "skipped: a small disk can only be mounted by root");
    try {
      GenerationStore store = GenerationStore.open(small, 100);
      StoreException full = null;
      long last = 0;
      for (long number = 1; full == null && number < 100; number++) {
        try {
          save(store, number);
          last = number;
        } catch (StoreException e) {
          full = e;
        }
      }
      assertThat(full).isNotNull();
      assertThat(full.kind()).isEqualTo(StoreException.Kind.FULL);
      GenerationStore again = GenerationStore.open(small, 100);
      assertThat(again.lastGood().orElseThrow().generation().number()).isEqualTo(last);
      assertThat(again.list()).hasOnlyElementsOfType(Listed.Whole.class);
      GenerationStore fewer = GenerationStore.open(small, 3);
      save(fewer, again.nextNumber()); // old ones make room
      assertThat(fewer.lastGood().orElseThrow().generation().number()).isGreaterThan(last);
    } finally {
      assertThat(run("umount", small.toString())).isTrue();
    }
  }

  private static boolean run(String... command) throws InterruptedException {
    try {
      return new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException absent) {
      return false;
    }
  }

  /** A process of its own; it stands still at a step until it is killed with SIGKILL. */
  @Test
  void aRealProcessKilledAtEveryStep() throws Exception {
    List<String> seen = new ArrayList<>();
    boolean finished = false;
    for (int deadly = 1; !finished; deadly++) {
      Path state = stateOf("process" + deadly);
      Process process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-XX:TieredStopAtLevel=1",
                  "-Xshare:auto",
                  "-cp",
                  System.getProperty("java.class.path"),
                  Saver.class.getName(),
                  state.toString(),
                  Integer.toString(deadly))
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      try (BufferedReader said =
          new BufferedReader(
              new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
        String line = said.readLine();
        assertThat(line).isNotNull();
        finished = line.equals("saved");
        seen.add(line);
        if (!finished) {
          process.destroyForcibly();
        }
        int unused = process.waitFor();
      } finally {
        process.destroyForcibly();
      }
      requireWhole(state, "killed at " + seen.get(seen.size() - 1));
    }
    assertThat(seen).contains("write in-force.tmp", "renamed in-force", "saved");
  }

  /** The process that is killed. */
  static final class Saver {
    private Saver() {}

    public static void main(String[] arguments) throws Exception {
      int deadly = Integer.parseInt(arguments[1]);
      StepDisk disk =
          new StepDisk(
              (step, what) -> {
                if (step == deadly) {
                  System.out.println(what);
                  try {
                    new CountDownLatch(1).await();
                  } catch (InterruptedException e) {
                    throw new IOException(e);
                  }
                }
              });
      save(GenerationStore.open(Path.of(arguments[0]), disk, KEPT), KEPT + 1);
      System.out.println("saved");
    }
  }
}
