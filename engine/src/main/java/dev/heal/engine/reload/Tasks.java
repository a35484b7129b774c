package dev.heal.engine.reload;

import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;

/** What is to be done, in order, until there is an end. */
final class Tasks {
  private final BlockingQueue<Optional<Task>> waiting = new LinkedBlockingQueue<>();
  private boolean ended;

  /** Whom a task concerns that was refused. */
  enum Concern {
    /** What lies in the files of the engine: it is refused until other files are not. */
    FILES,
    /** Texts from elsewhere. */
    OTHERS,
    /** Only who asked: nothing was to stay, or another value can be given. */
    ASKER,
    /** What was in force for a time is in force longer. */
    ENDS
  }

  /**
   * Something to do.
   *
   * @param done completed with what became of it
   */
  record Task(
      String trigger, Concern concern, Reloader.Work work, CompletableFuture<ReloadResult> done) {}

  /**
   * Puts a task behind the others.
   *
   * @return false behind the end
   */
  synchronized boolean add(Task task) {
    return !ended && waiting.add(Optional.of(task));
  }

  /** There is no task behind those that wait. */
  synchronized void end() {
    if (!ended) {
      ended = true;
      waiting.add(Optional.empty());
    }
  }

  /** The next; empty at the end. */
  Optional<Task> take() throws InterruptedException {
    return waiting.take();
  }

  /** One that was left; empty where none is. */
  Optional<Task> left() {
    for (Optional<Task> next = waiting.poll(); next != null; next = waiting.poll()) {
      if (next.isPresent()) {
        return next;
      }
    }
    return Optional.empty();
  }
}
