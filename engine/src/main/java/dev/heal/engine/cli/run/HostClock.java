package dev.heal.engine.cli.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** The host's clock, held where it goes back: time never runs backwards in the engine. */
final class HostClock implements LongSupplier {
  private static final Path BOOT = Path.of("/proc/sys/kernel/random/boot_id");
  private static final long SECOND = 1_000_000_000L;

  private final AtomicLong last = new AtomicLong();

  /** Nanoseconds since the epoch. */
  @Override
  public long getAsLong() {
    Instant now = Instant.now();
    long nanos = now.getEpochSecond() * SECOND + now.getNano();
    return last.accumulateAndGet(nanos, Math::max);
  }

  /** What names this boot of the host. */
  static String boot() throws IOException {
    return Files.readString(BOOT).strip();
  }
}
