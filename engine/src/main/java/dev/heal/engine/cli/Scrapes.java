package dev.heal.engine.cli;

import dev.heal.engine.cli.control.status.StatusPage;
import dev.heal.engine.cli.run.Daemon;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** How a running engine stands, for whoever scrapes it; empty where it does not answer in time. */
final class Scrapes implements Supplier<Optional<StatusPage>> {
  /** Well within the usual patience of Prometheus, 10 s. */
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  private final Daemon daemon;

  Scrapes(Daemon daemon) {
    this.daemon = daemon;
  }

  @Override
  public Optional<StatusPage> get() {
    try {
      return Optional.of(daemon.page().get(PATIENCE.toNanos(), TimeUnit.NANOSECONDS));
    } catch (TimeoutException hangs) {
      return Optional.empty();
    } catch (InterruptedException ending) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    } catch (ExecutionException bug) {
      throw new IllegalStateException("no view is ever completed so", bug.getCause());
    }
  }
}
