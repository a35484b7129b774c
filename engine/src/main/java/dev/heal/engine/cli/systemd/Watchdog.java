package dev.heal.engine.cli.systemd;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Passes the loop's signs of life on: where the loop has not gone round since the last one, none is
 * sent, and the service manager ends and restarts a process whose loop hangs.
 */
public final class Watchdog implements AutoCloseable {
  private static final Duration STATUS_EVERY = Duration.ofSeconds(5);

  private final Optional<ServiceManager> manager;
  private final LongSupplier rounds;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          work -> {
            Thread made = new Thread(work, "heal watchdog");
            made.setDaemon(true);
            return made;
          });
  private long last;

  /**
   * Watches for a manager, where there is one.
   *
   * @param rounds grows at least once a second while the loop lives
   */
  public Watchdog(Optional<ServiceManager> manager, LongSupplier rounds) {
    this.manager = manager;
    this.rounds = rounds;
    this.last = rounds.getAsLong();
  }

  /**
   * Begins.
   *
   * @param status one line; must not wait
   */
  public void start(Supplier<String> status) {
    manager
        .flatMap(ServiceManager::watchdog)
        .ifPresent(patience -> every(patience.dividedBy(3), this::passOn)); // two may be lost
    manager.ifPresent(to -> every(STATUS_EVERY, () -> to.status(status.get())));
  }

  private void every(Duration period, Runnable work) {
    var unused =
        timer.scheduleAtFixedRate(work, period.toNanos(), period.toNanos(), TimeUnit.NANOSECONDS);
  }

  private void passOn() {
    long now = rounds.getAsLong();
    if (now != last) {
      last = now;
      manager.ifPresent(ServiceManager::alive);
    }
  }

  @Override
  public void close() {
    List<Runnable> unused = timer.shutdownNow();
  }
}
