package dev.heal.engine.source.probe;

import dev.heal.engine.source.probe.Check.Tcp;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Asks each probe's question on a schedule of its own: the door of this package. A probe whose last
 * question still hangs, in the resolver for example, is unhealthy and is not asked again until that
 * has ended.
 */
public final class Prober implements AutoCloseable {
  private static final long MARGIN_NANOS = 200_000_000L; // for a check to keep its own time-out

  private final LongSupplier nanoTime;
  private final Consumer<ProbeResult> results;
  private final CountDownLatch closing = new CountDownLatch(1);
  private final ExecutorService threads;
  private final Web web;
  private final Commands commands = new Commands();

  /**
   * Starts to ask.
   *
   * @param nanoTime nanoseconds from anywhere, for the latencies
   * @param results called on threads of the probes; it must not wait
   */
  public Prober(List<ProbeSpec> probes, LongSupplier nanoTime, Consumer<ProbeResult> results) {
    this.nanoTime = nanoTime;
    this.results = results;
    this.threads =
        Executors.newCachedThreadPool(
            task -> {
              Thread thread = new Thread(task, "heal-probe");
              thread.setDaemon(true);
              return thread;
            });
    this.web = new Web(threads);
    probes.forEach(probe -> threads.execute(() -> askAgainAndAgain(probe)));
  }

  /** Ends; a run that is under way is given up. */
  @Override
  public void close() {
    closing.countDown();
    List<Runnable> unused = threads.shutdownNow();
  }

  private void askAgainAndAgain(ProbeSpec probe) {
    AtomicBoolean hanging = new AtomicBoolean();
    try {
      do {
        long from = nanoTime.getAsLong();
        Answer answer =
            hanging.get() ? Answer.unhealthy("the run before it still hangs") : ask(probe, hanging);
        results.accept(
            new ProbeResult(
                probe.name(),
                Duration.ofNanos(nanoTime.getAsLong() - from),
                answer.why(),
                answer.samples(),
                answer.malformed()));
      } while (!closing.await(probe.every().toNanos(), TimeUnit.NANOSECONDS));
    } catch (InterruptedException e) {
      return; // this is how it is told to end
    }
  }

  private Answer ask(ProbeSpec probe, AtomicBoolean hanging) throws InterruptedException {
    hanging.set(true);
    FutureTask<Answer> answer =
        new FutureTask<>(
            () -> {
              try {
                return check(probe);
              } finally {
                hanging.set(false);
              }
            });
    try {
      threads.execute(answer);
      return answer.get(probe.timeout().toNanos() + MARGIN_NANOS, TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      answer.cancel(true);
      return Answer.unhealthy("no answer in " + probe.timeout().toMillis() + " ms");
    } catch (RejectedExecutionException e) {
      throw new InterruptedException("it was closed");
    } catch (ExecutionException e) {
      if (e.getCause() instanceof InterruptedException) {
        throw new InterruptedException("it was closed");
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      answer.cancel(true);
      throw e;
    }
  }

  private Answer check(ProbeSpec probe) throws InterruptedException {
    Duration timeout = probe.timeout();
    Asked asked =
        probe
            .check()
            .match(
                http -> () -> web.http(http, timeout),
                tcp -> () -> connect(tcp, timeout),
                command -> () -> commands.run(probe.name(), command.run(), timeout),
                scrape -> () -> web.scrape(scrape, timeout));
    return asked.answer();
  }

  /** A question that may be given up. */
  private interface Asked {
    Answer answer() throws InterruptedException;
  }

  private static Answer connect(Tcp tcp, Duration timeout) {
    try (Socket socket = new Socket()) {
      socket.connect(
          new InetSocketAddress(tcp.host(), tcp.port()),
          (int) Math.max(1, Math.min(timeout.toMillis(), Integer.MAX_VALUE)));
      return Answer.HEALTHY;
    } catch (UnknownHostException e) {
      return Answer.unhealthy("the name `%s` cannot be resolved".formatted(tcp.host()));
    } catch (IOException e) {
      return Answer.unhealthy(Objects.requireNonNullElse(e.getMessage(), "no connection"));
    }
  }
}
