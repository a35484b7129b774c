package dev.heal.engine.reload;

import dev.heal.engine.reload.files.DirectorySnapshot;
import dev.heal.engine.reload.files.WatchedFolders;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Sees that files have changed, on a thread of its own: by what the kernel tells, and by a slow
 * look of its own at what the kernel does not tell (a network file system, a limit that is
 * reached). It tells once for all that changes together: it waits until nothing has moved for a
 * quiet time, which grows with the number of files that do.
 */
@SuppressWarnings({"try", "WaitNotInLoop"}) // closed while it waits; each caller looks again
public final class PolicyWatcher implements DirectorySnapshot.Rest, AutoCloseable {
  private final WatchedFolders folders;
  private final Timing timing;
  private final LongSupplier nanoTime;
  private final Listener listener;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition somethingMoved = lock.newCondition();
  private final Thread thread = new Thread(this::run, "heal watch");
  private volatile boolean closing;

  /** Who is told. On the watcher's thread. */
  public interface Listener {
    /**
     * Files have changed, and are at rest.
     *
     * @param names of those of which that is known
     */
    void changed(List<String> names);

    /** The kernel does not tell of a folder: only the slow look does. */
    void cannotWatch(Path folder, String why);
  }

  /**
   * How long to wait for what.
   *
   * @param quiet nothing has moved for so long: one file that changed is at rest
   * @param longestQuiet the same of many files; doubled from one to the next up to here
   * @param patience after so long what still moves is looked at all the same
   * @param relook how often it looks itself, at most
   */
  public record Timing(Duration quiet, Duration longestQuiet, Duration patience, Duration relook) {
    /** 100 ms for one file, up to 1 s for many; 10 s at the most; its own look every 5 s. */
    public static final Timing USUAL =
        new Timing(
            Duration.ofMillis(100),
            Duration.ofSeconds(1),
            Duration.ofSeconds(10),
            Duration.ofSeconds(5));
  }

  /** Its own look takes at most one part in so many of its time. */
  private static final int SHARE_OF_TIME = 500;

  /**
   * Begins to watch: what changes from now on is told after {@link #start}.
   *
   * @param watched the files and folders, as they are now
   * @throws IOException where the system has no way to watch anything
   */
  public PolicyWatcher(
      Supplier<List<Path>> watched, Timing timing, LongSupplier nanoTime, Listener listener)
      throws IOException {
    this.folders = new WatchedFolders(watched, listener::cannotWatch);
    this.timing = timing;
    this.nanoTime = nanoTime;
    this.listener = listener;
    thread.setDaemon(true);
    folders.lookAgain();
  }

  /** Begins to tell. */
  public void start() {
    thread.start();
  }

  private void run() {
    try {
      Duration untilRelook = timing.relook();
      while (!closing) {
        NavigableSet<String> names = new TreeSet<>(folders.await(untilRelook));
        boolean moved = !names.isEmpty();
        if (!moved) {
          long before = nanoTime.getAsLong();
          moved = folders.lookAgain();
          untilRelook = relookAfter(nanoTime.getAsLong() - before);
        }
        if (moved && !closing) {
          signal();
          awaitQuiet(names);
          folders.lookAgain();
          listener.changed(List.copyOf(names));
        }
      }
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
    }
  }

  private Duration relookAfter(long took) {
    Duration rest = Duration.ofNanos(took * SHARE_OF_TIME);
    return rest.compareTo(timing.relook()) > 0 ? rest : timing.relook();
  }

  /** One file is soon at rest; where many come one by one, the next may take a while. */
  private void awaitQuiet(NavigableSet<String> names) throws InterruptedException {
    long deadline = nanoTime.getAsLong() + timing.patience().toNanos();
    List<String> more = List.of("");
    while (!more.isEmpty() && nanoTime.getAsLong() < deadline && !closing) {
      more = folders.await(quiet(names.size()));
      names.addAll(more);
      if (!more.isEmpty()) {
        signal();
      }
    }
  }

  private Duration quiet(int files) {
    Duration quiet = timing.quiet();
    for (int i = 1; i < files && quiet.compareTo(timing.longestQuiet()) < 0; i++) {
      quiet = quiet.multipliedBy(2);
    }
    return quiet.compareTo(timing.longestQuiet()) < 0 ? quiet : timing.longestQuiet();
  }

  private void signal() {
    lock.lock();
    try {
      somethingMoved.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Waits so long, or until something moves. */
  @Override
  public void await(Duration span) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long left = span.toNanos();
      if (left > 0) {
        left = somethingMoved.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Where it was never started: nothing is waited for. */
  public void closeUnstarted() throws IOException {
    folders.close();
  }

  @Override
  public void close() throws IOException, InterruptedException {
    closing = true;
    folders.close();
    if (thread.isAlive()) {
      thread.interrupt();
      thread.join();
    }
  }
}
