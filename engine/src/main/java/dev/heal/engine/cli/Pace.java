package dev.heal.engine.cli;

import java.time.Duration;

/** Turns at even distances, so many or until the process is interrupted. */
final class Pace {
  static final long WITHOUT_END = Long.MAX_VALUE;

  private final long everyNanos;
  private long left;
  private long next = System.nanoTime();

  /**
   * Begins with the first turn.
   *
   * @param turns from 1 on
   */
  Pace(Duration every, long turns) {
    this.everyNanos = every.toNanos();
    this.left = turns;
  }

  /** Waits for the next turn; false where there is none. A turn that is late is not made up for. */
  boolean next() {
    if (--left <= 0) {
      return false;
    }
    next = Math.max(next + everyNanos, System.nanoTime());
    try {
      long wait = next - System.nanoTime();
      Thread.sleep(Math.max(0, wait / 1_000_000), (int) Math.max(0, wait % 1_000_000));
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
