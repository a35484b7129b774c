package dev.heal.nvml.fake;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * A host with GPUs: the fake {@code libnvidia-ml.so.1}, built by gcc, as a file of its own, so that
 * each test has its own machine. It is driven by lines that are appended to its machine file.
 */
public final class FakeMachine implements AutoCloseable {
  private static final long LOOK_EVERY = 500_000L;
  private static final long PATIENCE = 60_000_000_000L;

  private final Path folder;
  private final NativeLibrary control;

  private FakeMachine(Path folder, NativeLibrary control) {
    this.folder = folder;
    this.control = control;
  }

  /** Sets up a machine: {@code h100x8}, {@code a100x8} or {@code old-driver}. */
  public static FakeMachine of(String machine, Path folder) throws IOException {
    Path built = Path.of(System.getProperty("heal.fake"), machine);
    Files.copy(built.resolve("libnvidia-ml.so.1"), folder.resolve("libnvidia-ml.so.1"));
    Files.copy(built.resolve("machine"), folder.resolve("machine"));
    // Under another name it is one and the same library to the linker, but not to JNA: the bridge
    // may close its own.
    Path link = folder.resolve("control.so");
    Files.createSymbolicLink(link, folder.resolve("libnvidia-ml.so.1"));
    return new FakeMachine(folder, NativeLibrary.getInstance(link.toString()));
  }

  public String library() {
    return folder.resolve("libnvidia-ml.so.1").toString();
  }

  public Path file() {
    return folder.resolve("machine");
  }

  /** Appends lines and comes back when the machine has taken them. */
  public FakeMachine set(String... lines) {
    try {
      Files.writeString(file(), String.join("\n", lines) + "\n", StandardOpenOption.APPEND);
      long written =
          Files.readString(file(), StandardCharsets.UTF_8).chars().filter(c -> c == '\n').count();
      await(() -> number("heal_fake_applied") >= written);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    assertThat(number("heal_fake_errors")).as("lines that the machine does not know").isZero();
    return this;
  }

  /** {@code heal_fake_open}, {@code heal_fake_event_sets}, {@code heal_fake_calls}. */
  public int number(String name) {
    Function function = control.getFunction(name);
    return function.invokeInt(new Object[0]);
  }

  /** Waits for a condition that another thread makes true; fails after a minute. */
  public static void await(BooleanSupplier condition) {
    long deadline = System.nanoTime() + PATIENCE;
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime() - deadline).as("nanoseconds past the deadline").isNegative();
      LockSupport.parkNanos(LOOK_EVERY);
    }
  }

  @Override
  public void close() {
    control.close();
  }
}
