package dev.heal.nvml.session;

import dev.heal.nvml.answer.Answer;
import dev.heal.nvml.answer.Problem;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The one thread that asks about a GPU, so that a call which hangs in the driver holds up that GPU
 * alone. It is a daemon: a thread that never comes back does not keep the process from ending.
 */
final class GpuThread {
  private final ExecutorService thread;

  GpuThread(String name) {
    this.thread =
        Executors.newSingleThreadExecutor(
            work -> {
              Thread made = new Thread(work, "nvml " + name);
              made.setDaemon(true);
              return made;
            });
  }

  /** Something that was asked and has not been answered yet. */
  final class Asked<T> {
    private final Future<Answer<T>> future;

    private Asked(Future<Answer<T>> future) {
      this.future = future;
    }

    /**
     * Waits for the answer. Work that has not begun by then never will; work that has begun may
     * still take effect.
     *
     * @param deadline in nanoseconds of {@link System#nanoTime}
     */
    Answer<T> await(long deadline, Duration patience) {
      try {
        return future.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
      } catch (TimeoutException e) {
        future.cancel(false);
        return Answer.none(
            Problem.Kind.TIMED_OUT, "no answer within " + patience.toMillis() + " ms");
      } catch (InterruptedException e) {
        future.cancel(false);
        Thread.currentThread().interrupt();
        return Answer.none(Problem.Kind.TIMED_OUT, "interrupted while it was asked");
      } catch (ExecutionException e) {
        throw new IllegalStateException("a question to NVML failed", e.getCause());
      }
    }
  }

  <T> Asked<T> ask(Callable<Answer<T>> work) {
    try {
      return new Asked<>(thread.submit(work));
    } catch (RejectedExecutionException e) {
      return new Asked<>(
          java.util.concurrent.CompletableFuture.completedFuture(
              Answer.none(NvmlSession.closed())));
    }
  }

  /** Takes no more work; what runs runs on. */
  void close() {
    thread.shutdownNow();
  }
}
