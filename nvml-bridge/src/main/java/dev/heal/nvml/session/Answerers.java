package dev.heal.nvml.session;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;

/**
 * The threads that answer: one, as long as answers come fast, for to wake a thread costs more than
 * to read a GPU; and one for each queue when somebody waits for too long. They are daemons: one
 * that never comes back out of the driver does not keep the process from ending. Idle ones end.
 */
final class Answerers {
  private static final long IDLE_NANOS = Duration.ofSeconds(30).toNanos();

  private final Object lock = new Object();

  // All guarded by the lock.
  private final Queue<QuestionQueue> unserved = new ArrayDeque<>();
  private int threads;
  private int free; // of these threads: will look at what is unserved
  private boolean closed;

  /** Has queues served, one after the other, by a thread that is free, or will be. */
  void serve(List<QuestionQueue> queues) {
    synchronized (lock) {
      unserved.addAll(queues);
      if (threads == 0) {
        start();
      } else if (free > 0) {
        lock.notify();
      }
    }
  }

  /** Has all queues that wait served at once, each by a thread of its own. */
  void hasten() {
    synchronized (lock) {
      for (int more = unserved.size() - free; more > 0; more--) {
        start();
      }
      lock.notifyAll();
    }
  }

  private void start() {
    Thread thread = new Thread(this::run, "nvml");
    thread.setDaemon(true);
    thread.start();
    threads++;
    free++;
  }

  private void run() {
    Optional<QuestionQueue> queue = take();
    while (queue.isPresent()) {
      queue.get().serve();
      synchronized (lock) {
        free++;
      }
      queue = take();
    }
  }

  /** Empty where this thread is to end. */
  private Optional<QuestionQueue> take() {
    synchronized (lock) {
      long end = System.nanoTime() + IDLE_NANOS;
      long left = IDLE_NANOS;
      while (unserved.isEmpty() && !closed && left > 0) {
        try {
          lock.wait(Duration.ofNanos(left).toMillis() + 1);
        } catch (InterruptedException e) {
          break; // nobody of us does that; what is unserved it still takes
        }
        left = end - System.nanoTime();
      }
      free--;
      Optional<QuestionQueue> queue = Optional.ofNullable(unserved.poll());
      if (queue.isEmpty()) {
        threads--;
      }
      return queue;
    }
  }

  /** What was asked before is still answered; then no thread is left over. */
  void close() {
    synchronized (lock) {
      closed = true;
      lock.notifyAll();
    }
  }
}
