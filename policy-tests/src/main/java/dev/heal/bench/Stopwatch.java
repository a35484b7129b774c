package dev.heal.bench;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/**
 * The time on the wall, and the processor time of the whole process, collections of garbage
 * included: others may use the machine too.
 */
final class Stopwatch {
  private static final OperatingSystemMXBean SYSTEM =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

  private final long wall = System.nanoTime();
  private final long processor = SYSTEM.getProcessCpuTime();

  /** Seconds since the watch was made. */
  record Elapsed(double wall, double processor) {
    Elapsed best(Elapsed other) {
      return new Elapsed(Math.min(wall, other.wall), Math.min(processor, other.processor));
    }
  }

  Elapsed elapsed() {
    return new Elapsed(
        (System.nanoTime() - wall) / 1e9, (SYSTEM.getProcessCpuTime() - processor) / 1e9);
  }
}
