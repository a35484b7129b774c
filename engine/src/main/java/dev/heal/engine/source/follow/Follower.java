package dev.heal.engine.source.follow;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/**
 * Follows log files on a thread of its own: the door of this package. Reads when the kernel says
 * that a file has changed, and looks at all names from time to time, as it does not say everything
 * (links, network file systems).
 */
public final class Follower implements AutoCloseable {
  private static final int READS_BETWEEN_LOOKS = 64;

  private final Followed followed;
  private final Duration relook;
  private final WatchService watch;
  private final Map<Path, WatchKey> watched = new HashMap<>();
  private final Thread thread;
  private volatile boolean closing;

  /**
   * Starts to follow.
   *
   * @param saved the places that were kept: {@link LineBatch#after} of each name and file
   * @throws IOException where the kernel has no more watches to give
   */
  public Follower(FollowOptions options, Collection<FilePosition> saved, FollowSink sink)
      throws IOException {
    this.followed = new Followed(options, saved, sink);
    this.relook = options.relook();
    this.watch = FileSystems.getDefault().newWatchService();
    this.thread = new Thread(this::follow, "heal-follow");
    thread.setDaemon(true);
    thread.start();
  }

  /** Ends; when this returns, no more lines are given. A line that was not whole is not given. */
  @Override
  public void close() throws IOException {
    closing = true;
    watch.close();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void follow() {
    try {
      Set<Path> changed = new HashSet<>();
      boolean lookAtAll = true;
      int reads = 0;
      while (!closing) {
        boolean more = false;
        if (lookAtAll || reads++ >= READS_BETWEEN_LOOKS) {
          Set<Path> directories = new TreeSet<>();
          more = followed.look(directories);
          // a directory that came into sight was looked at before it was watched
          more |= watchAll(directories);
          reads = 0;
        } else {
          for (Path file : changed) {
            more |= followed.read(file);
          }
        }
        changed.clear();
        lookAtAll = await(more, changed) || more;
      }
    } catch (ClosedWatchServiceException closed) {
      // this is how it is told to end
    } catch (InterruptedException e) {
      throw new IllegalStateException("nobody interrupts this thread", e);
    } finally {
      followed.close();
    }
  }

  /**
   * @param changed is given the files that only have more in them
   * @return whether names have changed, or the time between two looks is over
   */
  private boolean await(boolean more, Set<Path> changed) throws InterruptedException {
    WatchKey key = more ? watch.poll() : watch.poll(relook.toNanos(), TimeUnit.NANOSECONDS);
    if (key == null) {
      return true;
    }
    boolean names = false;
    while (key != null) {
      for (WatchEvent<?> event : key.pollEvents()) {
        if (event.kind() == StandardWatchEventKinds.ENTRY_MODIFY
            && event.context() instanceof Path name
            && key.watchable() instanceof Path directory) {
          changed.add(directory.resolve(name));
        } else {
          names = true;
        }
      }
      if (!key.reset()) {
        watched.values().remove(key); // the directory is gone
        names = true;
      }
      key = watch.poll();
    }
    return names;
  }

  /** Whether one of them was not watched before. */
  private boolean watchAll(Set<Path> directories) {
    boolean fresh = false;
    for (Path directory : directories) {
      fresh |= !watched.containsKey(directory) && watch(directory);
    }
    return fresh;
  }

  /** False where it is gone or no watch is left: the slow look serves it, and tries again. */
  private boolean watch(Path directory) {
    try {
      watched.put(
          directory,
          directory.register(
              watch,
              StandardWatchEventKinds.ENTRY_CREATE,
              StandardWatchEventKinds.ENTRY_DELETE,
              StandardWatchEventKinds.ENTRY_MODIFY));
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
