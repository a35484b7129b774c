package dev.heal.bench;

import java.lang.management.ManagementFactory;

/** The time on the wall, and the time that this thread itself ran: others use the machine too. */
final class Stopwatch {
  private final long wall = System.nanoTime();
  private final long thread = threadNanos();

  /** Seconds since the watch was made. */
  record Elapsed(double wall, double thread) {}

  Elapsed elapsed() {
    return new Elapsed((System.nanoTime() - wall) / 1e9, (threadNanos() - thread) / 1e9);
  }

  private static long threadNanos() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }
}
