package dev.heal.engine.source.probe;

import dev.heal.engine.source.child.ChildSpec;
import dev.heal.engine.source.command.Commands;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
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
  private final Commands commands = new Commands("probe");

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
                Duration.ofNanos(answer.nanos().orElse(nanoTime.getAsLong() - from)),
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
                tcp -> () -> connect(tcp.host(), tcp.port(), timeout, false),
                command -> () -> run(probe.name(), command.run(), timeout),
                scrape -> () -> web.scrape(scrape, timeout),
                trip -> () -> connect(trip.host(), trip.port(), timeout, true));
    return asked.answer();
  }

  private Answer run(String probe, ChildSpec command, Duration timeout)
      throws InterruptedException {
    return commands
        .run(probe, command, timeout)
        .failure()
        .map(Answer::unhealthy)
        .orElse(Answer.HEALTHY);
  }

  /** A question that may be given up. */
  private interface Asked {
    Answer answer() throws InterruptedException;
  }

  /**
   * Connects, and ends the connection at once.
   *
   * @param refusedIsAnswer whether one that is refused is an answer, too: somebody was there
   */
  private Answer connect(String host, int port, Duration timeout, boolean refusedIsAnswer) {
    InetSocketAddress address = new InetSocketAddress(host, port);
    if (address.isUnresolved()) {
      return Answer.unhealthy("the name `%s` cannot be resolved".formatted(host));
    }
    long from = nanoTime.getAsLong();
    try (Socket socket = new Socket()) {
      socket.connect(address, (int) Math.max(1, Math.min(timeout.toMillis(), Integer.MAX_VALUE)));
      return Answer.after(nanoTime.getAsLong() - from);
    } catch (SocketTimeoutException e) {
      return Answer.unhealthy("no answer in " + timeout.toMillis() + " ms");
    } catch (ConnectException e) {
      long nanos = nanoTime.getAsLong() - from;
      return refusedIsAnswer && isRefused(e) ? Answer.after(nanos) : Answer.unhealthy(why(e));
    } catch (IOException e) {
      return Answer.unhealthy(why(e));
    }
  }

  /** Whether somebody has refused it; the kernel, too, gives up at last, and that is no answer. */
  private static boolean isRefused(ConnectException e) {
    return !why(e).contains("timed out");
  }

  private static String why(IOException e) {
    return Objects.requireNonNullElse(e.getMessage(), "no connection");
  }
}
