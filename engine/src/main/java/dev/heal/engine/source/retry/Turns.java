package dev.heal.engine.source.retry;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A thread that does one turn behind the other, each after a pause, until it is closed. */
public final class Turns implements AutoCloseable {
  private final Turn turn;
  private final Thread thread;
  private final CountDownLatch closing = new CountDownLatch(1);

  /** What is done again and again. */
  public interface Turn {
    /**
     * Does it; interrupted where it is closed.
     *
     * @return the pause before the next one
     */
    Duration take() throws InterruptedException;
  }

  /** Begins nothing yet. */
  public Turns(String name, Turn turn) {
    this.turn = turn;
    this.thread = new Thread(this::run, name);
    thread.setDaemon(true);
  }

  /** Begins. */
  public void start() {
    thread.start();
  }

  /** Whether it is being closed: what comes now is wanted by nobody. */
  public boolean isClosing() {
    return closing.getCount() == 0;
  }

  private void run() {
    try {
      while (!isClosing()) {
        Duration pause = turn.take();
        if (closing.await(pause.toNanos(), TimeUnit.NANOSECONDS)) {
          return;
        }
      }
    } catch (InterruptedException closed) {
      return; // this is how it is told to end
    }
  }

  /** Ends; when this returns, no turn is taken any more. */
  @Override
  public void close() {
    closing.countDown();
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
