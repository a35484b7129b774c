package dev.heal.nvml.session;

import dev.heal.nvml.answer.Answer;
import dev.heal.nvml.answer.Problem;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The one thread that asks about a GPU, so that a call which hangs in the driver holds up that GPU
 * alone. It is a daemon: a thread that never comes back does not keep the process from ending.
 */
final class GpuThread {
  /** An idle thread ends: none is left over where a GPU is asked about while the bridge closes. */
  private static final long IDLE_S = 30;

  private final ThreadPoolExecutor thread;

  GpuThread(String name) {
    this.thread =
        new ThreadPoolExecutor(
            1,
            1,
            IDLE_S,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            work -> {
              Thread made = new Thread(work, "nvml " + name);
              made.setDaemon(true);
              return made;
            });
    thread.allowCoreThreadTimeOut(true);
  }

  /** Something that was asked and has not been answered yet. */
  static final class Asked<T> {
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
      return new Asked<>(CompletableFuture.completedFuture(Answer.none(NvmlSession.closed())));
    }
  }

  /** Takes no more work; what was asked before is still answered. */
  void close() {
    thread.shutdown();
  }
}
