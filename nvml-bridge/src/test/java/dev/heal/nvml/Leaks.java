package dev.heal.nvml;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heal.nvml.bench.NativeMemory;
import dev.heal.nvml.fake.FakeMachine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.stream.Stream;

/**
 * Tells a leak from what comes and goes. Something is done over and over, in rounds; what native
 * code holds after each is a level. Levels go up and down by some 100 KiB, as threads keep freed
 * memory for later; a leak lifts all of them. So the lowest level of the last third is held against
 * the lowest of the first, and more rounds follow while that looks like a leak.
 */
final class Leaks {
  /** A buffer of 256 bytes that is lost each time is more, and so are 32 bytes for each GPU. */
  private static final long BYTES_EACH_TIME = 128;

  private static final int LEAST_ROUNDS = 6;
  private static final int MOST_ROUNDS = 18;

  /** Threads and files that the virtual machine itself may come to hold meanwhile. */
  private static final int OTHERS = 8;

  private Leaks() {}

  /** Does it in rounds of {@code times}, each with a number of its own. */
  static void assertNone(int times, IntConsumer work) {
    List<Long> levels = new ArrayList<>();
    int number = round(0, times, work); // not counted: what is set up once
    Handles before = Handles.now();
    while (levels.size() < LEAST_ROUNDS
        || (bytesEachTime(levels, times) > BYTES_EACH_TIME && levels.size() < MOST_ROUNDS)) {
      number = round(number, times, work);
      System.gc(); // JNA frees native memory when its Java object is collected
      levels.add(NativeMemory.allocatedByOthers());
    }

    assertThat(bytesEachTime(levels, times))
        .as("bytes lost each time; held after each %,d times: %s", times, levels)
        .isLessThanOrEqualTo(BYTES_EACH_TIME);
    // Threads that were told to end may take a moment.
    FakeMachine.await(() -> Handles.now().threads() <= before.threads() + OTHERS);
    assertThat(Handles.now().files()).as("open files").isLessThanOrEqualTo(before.files() + OTHERS);
  }

  private static int round(int from, int times, IntConsumer work) {
    for (int i = 0; i < times; i++) {
      work.accept(from + i);
    }
    return from + times;
  }

  private static long bytesEachTime(List<Long> levels, int times) {
    int third = levels.size() / 3;
    long first = Collections.min(levels.subList(0, third));
    long last = Collections.min(levels.subList(levels.size() - third, levels.size()));
    return (last - first) / ((levels.size() - third) * (long) times);
  }

  /** Threads and open files of this process. */
  private record Handles(long files, long threads) {
    static Handles now() {
      try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"));
          Stream<Path> threads = Files.list(Path.of("/proc/self/task"))) {
        return new Handles(files.count(), threads.count());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
