package dev.heal.engine.cli;

import java.util.concurrent.CountDownLatch;

/**
 * Lets a command end in order when the process is told to end (SIGTERM, Ctrl-C): the process goes
 * on until this is closed.
 */
final class Termination implements AutoCloseable {
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread hook;
  private volatile boolean isTold;

  /**
   * From here on, the process waits for the close.
   *
   * @param told is run once when it is told to end
   */
  Termination(Runnable told) {
    this.hook =
        new Thread(
            () -> {
              isTold = true;
              told.run();
              try {
                closed.await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            },
            "heal shutdown");
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /** Whether the process was told to end. */
  boolean isTold() {
    return isTold;
  }

  @Override
  public void close() {
    closed.countDown();
  }
}
