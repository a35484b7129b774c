package dev.heal.engine.cli.run.feed;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Runs small work again and again, on threads of its own. What fails once goes on. */
public final class Ticker implements AutoCloseable {
  private static final int THREADS = 2;

  private final SourceObserver observer;
  private final ScheduledExecutorService threads =
      Executors.newScheduledThreadPool(
          THREADS,
          work -> {
            Thread made = new Thread(work, "heal-ticker");
            made.setDaemon(true);
            return made;
          });

  public Ticker(SourceObserver observer) {
    this.observer = observer;
  }

  /** From now on, one run at a time. */
  public void every(Duration period, String source, Runnable work) {
    Runnable guarded =
        () -> {
          try {
            work.run();
          } catch (RuntimeException bug) {
            observer.failed(source, bug);
          }
        };
    var unused = threads.scheduleAtFixedRate(guarded, 0, period.toNanos(), TimeUnit.NANOSECONDS);
  }

  @Override
  public void close() {
    List<Runnable> unused = threads.shutdownNow();
  }
}
