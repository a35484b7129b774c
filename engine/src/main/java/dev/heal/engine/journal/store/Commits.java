package dev.heal.engine.journal.store;

import dev.heal.engine.journal.Appended;
import dev.heal.engine.journal.Batch;
import dev.heal.engine.journal.Change;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * The one thread that writes: what waits goes to the disk together. Once something other than space
 * is wrong, nothing more is written.
 */
final class Commits {
  private static final int MOST_WAITING = 1 << 16;
  private static final int MOST_TOGETHER = 256;

  /** Work for the thread, and whoever waits for it. */
  private record Task(Work work, CompletableFuture<Appended> done) {}

  private static final CompletableFuture<?> NOTHING = CompletableFuture.completedFuture(null);

  private interface Work {
    void apply() throws SQLException;

    default boolean mayUseReserve() {
      return false;
    }

    /** How many refusals its writer knew of. */
    default long knows() {
      return Batch.UNRELATED;
    }

    /** What must be durable before this is. */
    default CompletableFuture<?> inputs() {
      return NOTHING;
    }
  }

  private final Statements statements;
  private final ChangeWriter writer;
  private final Journal.Before before;
  private final Space space;
  private final BlockingQueue<Task> waiting = new LinkedBlockingQueue<>(MOST_WAITING);
  private final Thread thread = new Thread(this::run, "heal-journal");

  /** Guarded by itself: after it is true nothing enters the queue. */
  private final Object door = new Object();

  private boolean shut;

  // of the thread
  private Appended state = new Appended.Written();
  private boolean marked;
  private boolean leaving;

  /** Batches that others may follow from, and that were refused. */
  private long refusals;

  Commits(
      Path folder, Statements statements, Journal.Before before, Reserve reserve, boolean room) {
    this.statements = statements;
    this.writer = new ChangeWriter(statements);
    this.before = before;
    this.space = new Space(folder, reserve, room);
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  int pending() {
    return waiting.size();
  }

  CompletableFuture<Appended> append(Batch batch) {
    CompletableFuture<?> inputs = batch.startsOrders() ? before.makeDurable() : NOTHING;
    return enter(
        new Work() {
          @Override
          public void apply() throws SQLException {
            for (Change change : batch.changes()) {
              writer.apply(change);
            }
          }

          @Override
          public boolean mayUseReserve() {
            return batch.mayUseReserve();
          }

          @Override
          public long knows() {
            return batch.knows();
          }

          @Override
          public CompletableFuture<?> inputs() {
            return inputs;
          }
        });
  }

  CompletableFuture<Integer> forget(long before, int most) {
    int[] gone = new int[1];
    Work work = () -> gone[0] = Retention.forget(statements, before, most);
    return enter(work).thenApply(appended -> appended.isWritten() ? gone[0] : 0);
  }

  /** Writes what waits, and the mark of a clean end behind it; idle when it returns. */
  void close() throws SQLException {
    CompletableFuture<Appended> left;
    synchronized (door) {
      left = enter(new Leave());
      shut = true;
    }
    left.join(); // also where the mark could not be written: what was written is
    statements.close();
  }

  /** The last work; not worth the reserve, which the next start may need. */
  private final class Leave implements Work {
    @Override
    public void apply() throws SQLException {
      writer.meta("clean_shutdown", "yes");
    }
  }

  private CompletableFuture<Appended> enter(Work work) {
    CompletableFuture<Appended> done = new CompletableFuture<>();
    synchronized (door) {
      if (shut) {
        done.complete(new Appended.Broken("the journal is closed"));
        return done;
      }
      putWhateverComes(new Task(work, done));
    }
    return done;
  }

  /** An interrupt waits until the task is in the queue: half an append would be a loss. */
  private void putWhateverComes(Task task) {
    boolean interrupted = false;
    boolean put = false;
    while (!put) {
      try {
        waiting.put(task);
        put = true;
      } catch (InterruptedException later) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    List<Task> together = new ArrayList<>();
    while (!leaving) {
      try {
        together.add(waiting.take());
      } catch (InterruptedException goesOn) {
        continue; // only `Leave` ends this thread
      }
      waiting.drainTo(together, MOST_TOGETHER - 1);
      leaving = together.get(together.size() - 1).work() instanceof Leave;
      write(together);
      together.clear();
    }
  }

  private void write(List<Task> tasks) {
    if (!space.isFull()
        && !(state instanceof Appended.Broken)
        && tasks.stream().noneMatch(this::isBehindARefused)) {
      Appended result = commit(tasks);
      if (!(result instanceof Appended.DiskFull)) {
        tasks.forEach(task -> task.done().complete(result));
        return;
      }
    }
    for (Task task : tasks) {
      Appended result = isBehindARefused(task) ? space.full() : alone(task);
      if (result instanceof Appended.DiskFull && task.work().knows() != Batch.UNRELATED) {
        refusals++;
      }
      task.done().complete(result);
    }
  }

  /** Whether what it follows from was refused, and its writer could not know that. */
  private boolean isBehindARefused(Task task) {
    return task.work().knows() < refusals;
  }

  /** One at a time, with what is left of the space. */
  private Appended alone(Task task) {
    if (state instanceof Appended.Broken) {
      return state;
    }
    if (task.work().mayUseReserve()) {
      Appended first = commit(List.of(task));
      return first instanceof Appended.DiskFull && space.giveUp() ? commit(List.of(task)) : first;
    }
    return space.isFull() && !space.regained() ? space.full() : commit(List.of(task));
  }

  private Appended commit(List<Task> tasks) {
    try {
      statements.run("BEGIN IMMEDIATE");
      if (!marked) {
        writer.meta("clean_shutdown", "no");
      }
      for (Task task : tasks) {
        task.work().apply();
      }
      tasks.forEach(task -> task.work().inputs().join()); // written while we wrote
      statements.run("COMMIT");
      marked = true;
      return new Appended.Written();
    } catch (SQLException failed) {
      return failed(failed);
    }
  }

  private Appended failed(SQLException failure) {
    try {
      statements.rollback();
    } catch (SQLException second) {
      failure.addSuppressed(second);
      state = new Appended.Broken("the journal cannot be written: " + second.getMessage());
      return state;
    }
    if (space.isSpent(failure)) {
      return space.full();
    }
    state = new Appended.Broken("the journal cannot be written: " + failure.getMessage());
    return state;
  }
}
