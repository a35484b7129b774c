package dev.heal.bench;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/**
 * The time on the wall, and the processor time of what is measured: others may use the machine too.
 * That of this thread is good to the nanosecond, but leaves out collections of garbage; that of the
 * whole process is good to ten milliseconds.
 */
final class Stopwatch {
  private static final OperatingSystemMXBean SYSTEM =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

  private final boolean allThreads;
  private final long wall = System.nanoTime();
  private final long processor;

  private Stopwatch(boolean allThreads) {
    this.allThreads = allThreads;
    this.processor = processorNanos();
  }

  static Stopwatch ofThisThread() {
    return new Stopwatch(false);
  }

  /** For what works on threads of its own. */
  static Stopwatch ofTheProcess() {
    return new Stopwatch(true);
  }

  /** Seconds since the watch was made. */
  record Elapsed(double wall, double processor) {
    Elapsed best(Elapsed other) {
      return new Elapsed(Math.min(wall, other.wall), Math.min(processor, other.processor));
    }
  }

  Elapsed elapsed() {
    return new Elapsed((System.nanoTime() - wall) / 1e9, (processorNanos() - processor) / 1e9);
  }

  private long processorNanos() {
    return allThreads
        ? SYSTEM.getProcessCpuTime()
        : ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }
}
