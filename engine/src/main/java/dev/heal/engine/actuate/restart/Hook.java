package dev.heal.engine.actuate.restart;

import dev.heal.engine.schedule.Outcome;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Something to be done around a restart, as the site binds it.
 *
 * @param name {@code snapshot}
 * @param timeout after which it is ended, and the restart goes on without it
 */
public record Hook(String name, Duration timeout, Work work) {
  /** What is done; ends early when its thread is interrupted. */
  @FunctionalInterface
  public interface Work {
    Outcome act() throws InterruptedException;
  }

  /** Does it, within its time. */
  Outcome run() throws InterruptedException {
    FutureTask<Outcome> task = new FutureTask<>(work::act);
    Thread thread = new Thread(task, "heal-" + name);
    thread.setDaemon(true);
    thread.start();
    try {
      return task.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException late) {
      task.cancel(true);
      return new Outcome(
          Outcome.Kind.UNKNOWN, "it did not end within %s".formatted(seconds(timeout)));
    } catch (InterruptedException stop) {
      task.cancel(true);
      throw stop;
    } catch (ExecutionException bug) {
      throw new IllegalStateException(bug.getCause());
    }
  }

  static String seconds(Duration span) {
    return span.toMillis() % 1000 == 0 ? span.toSeconds() + " s" : span.toMillis() + " ms";
  }
}
