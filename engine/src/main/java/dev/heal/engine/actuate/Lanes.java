package dev.heal.engine.actuate;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Errands on a bounded number of threads, one at a time in each lane, none for ever. */
final class Lanes implements AutoCloseable {
  private static final int MOST_WAITING = 1_000;
  private static final long IDLE_SECONDS = 30;

  /** How long what was interrupted may take to end. */
  private static final Duration LAST_GRACE = Duration.ofSeconds(3);

  private final Map<String, Deque<Errand>> lanes = new HashMap<>();
  private final Map<Long, Errand> open = new HashMap<>();
  private final Map<Long, ScheduledFuture<?>> waits = new HashMap<>();
  private final ThreadPoolExecutor pool;
  private final ScheduledThreadPoolExecutor timer;
  private boolean closed;

  Lanes(String name, int threads) {
    AtomicInteger number = new AtomicInteger();
    pool =
        new ThreadPoolExecutor(
            threads,
            threads,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            work -> daemon(work, name + "-" + number.incrementAndGet()));
    pool.allowCoreThreadTimeOut(true);
    timer = new ScheduledThreadPoolExecutor(1, work -> daemon(work, name + "-timer"));
    timer.setRemoveOnCancelPolicy(true);
  }

  private static Thread daemon(Runnable work, String name) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    return thread;
  }

  /** Takes it; never waits. */
  void add(Errand errand) {
    Optional<String> refusal = taken(errand);
    refusal.ifPresent(why -> daemon(() -> errand.stop(why), "heal-refusal").start());
  }

  private synchronized Optional<String> taken(Errand errand) {
    if (closed || open.size() >= MOST_WAITING) {
      return Optional.of(closed ? "the engine stops" : MOST_WAITING + " orders wait already");
    }
    open.put(errand.id(), errand);
    Deque<Errand> lane = lanes.computeIfAbsent(errand.lane(), l -> new ArrayDeque<>());
    lane.add(errand);
    if (lane.size() == 1) {
      submit(errand, Optional.empty());
    } else {
      String why =
          "it waited %s for another order on %s".formatted(words(errand.patience()), errand.lane());
      ScheduledFuture<?> wait = after(errand.patience(), () -> errand.stop(why));
      waits.put(errand.id(), wait);
    }
    return Optional.empty();
  }

  private ScheduledFuture<?> after(Duration delay, Runnable work) {
    return timer.schedule(() -> loudly(work), delay.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** A timer keeps to itself what its work throws: a bug is to be heard. */
  private static void loudly(Runnable work) {
    try {
      work.run();
    } catch (RuntimeException bug) {
      Thread thread = Thread.currentThread();
      thread.getUncaughtExceptionHandler().uncaughtException(thread, bug);
    }
  }

  private void stopAndAbandon(Errand errand, String why) {
    errand.stop(why);
    ScheduledFuture<?> unused = after(LAST_GRACE, errand::abandon);
  }

  private void submit(Errand errand, Optional<ScheduledFuture<?>> wait) {
    wait.ifPresent(w -> w.cancel(false));
    pool.execute(() -> run(errand));
  }

  private void run(Errand errand) {
    Duration patience = errand.patience();
    ScheduledFuture<?> stop =
        after(
            patience,
            () -> stopAndAbandon(errand, "it did not end within %s".formatted(words(patience))));
    try {
      errand.run();
    } finally {
      stop.cancel(false);
      next(errand);
    }
  }

  private static String words(Duration span) {
    return span.toMillis() % 1000 == 0 ? span.toSeconds() + " s" : span.toMillis() + " ms";
  }

  private synchronized void next(Errand ended) {
    open.remove(ended.id());
    Deque<Errand> lane = lanes.getOrDefault(ended.lane(), new ArrayDeque<>());
    lane.remove(ended);
    Errand next = lane.peek();
    if (next == null) {
      lanes.remove(ended.lane());
    } else if (closed) {
      lane.clear(); // all of them were told
    } else {
      submit(next, Optional.ofNullable(waits.remove(next.id())));
    }
  }

  /** Ends an order; false where none of that id is open. */
  boolean cancel(long id, String why) {
    Optional<Errand> errand;
    synchronized (this) {
      errand = Optional.ofNullable(open.get(id));
    }
    errand.ifPresent(
        e -> {
          ScheduledFuture<?> unused = after(Duration.ZERO, () -> stopAndAbandon(e, why));
        });
    return errand.isPresent();
  }

  /** How many have not ended. */
  synchronized int open() {
    return open.size();
  }

  /** Takes no more, and ends what is open. */
  @Override
  public void close() {
    List<Errand> all;
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
      all = new ArrayList<>(open.values());
    }
    all.forEach(errand -> stopAndAbandon(errand, "the engine stops"));
    ScheduledFuture<?> unused = after(LAST_GRACE.multipliedBy(2), timer::shutdown);
    pool.shutdown();
  }
}
