package dev.heal.engine.source.child;

/**
 * Names a process for as long as the host is up: a pid alone is given again.
 *
 * @param startTicks when it started, in clock ticks since boot, from {@code /proc/PID/stat}
 */
public record ProcessId(int pid, long startTicks) {
  public ProcessId {
    if (pid < 2 || startTicks < 0) {
      throw new IllegalArgumentException("process " + pid + " started at tick " + startTicks);
    }
  }
}
