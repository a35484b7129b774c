package dev.heal.engine.journal.store;

import dev.heal.engine.journal.Appended;
import dev.heal.engine.journal.Batch;
import dev.heal.engine.journal.JournalException;
import dev.heal.engine.journal.Recovery;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;

/**
 * The journal of one engine: it has the state folder for itself as long as this is open. Batches
 * are written in the order in which they are appended, on a thread of the journal's own. For any
 * thread; one at a time where the order matters.
 */
public final class Journal implements AutoCloseable {
  private static final long RESERVE_BYTES = 8 << 20;

  /** Makes what a decision came from durable, before the decision is. */
  public interface Before {
    /** Where nothing needs to be. */
    Before NOTHING = () -> CompletableFuture.completedFuture(null);

    /**
     * Begins with all that came so far; called with each batch that starts orders, by whoever hands
     * it over. The batch is committed once the future is completed, which is never exceptionally.
     */
    CompletableFuture<?> makeDurable();
  }

  private final StateLock lock;
  private final Recovery recovery;
  private final Commits commits;

  private Journal(StateLock lock, Recovery recovery, Commits commits) {
    this.lock = lock;
    this.recovery = recovery;
    this.commits = commits;
  }

  /** Opens the journal of a state folder; makes both where they are not there. */
  public static Journal open(Path state) throws IOException {
    return open(state, Before.NOTHING);
  }

  /**
   * Opens the journal of a state folder; makes both where they are not there.
   *
   * @throws JournalException where another engine has it, or it cannot be used
   */
  public static Journal open(Path state, Before before) throws IOException {
    return open(state, before, RESERVE_BYTES);
  }

  /** One that nobody will need: without space in reserve. */
  public static Journal scratch(Path state, Before before) throws IOException {
    return open(state, before, 0);
  }

  static Journal open(Path state, Before before, long reserveBytes) throws IOException {
    makeFolder(state);
    StateLock lock = StateLock.take(state);
    boolean opened = false;
    try {
      makeFile(state.resolve(Database.FILE));
      Reserve reserve = new Reserve(state, reserveBytes);
      boolean room = reserve.make();
      Statements statements;
      try {
        statements = statements(state);
      } catch (SQLException failed) {
        if (!Database.mayBeFull(failed) || !reserve.release()) {
          throw failed;
        }
        room = false;
        statements = statements(state);
      }
      try {
        Recovery recovery = Recoveries.read(statements);
        Commits commits = new Commits(state, statements, before, reserve, room);
        commits.start();
        opened = true;
        return new Journal(lock, recovery, commits);
      } finally {
        if (!opened) {
          statements.close();
        }
      }
    } catch (SQLException failed) {
      throw Database.inWords(state, failed);
    } finally {
      if (!opened) {
        lock.close();
      }
    }
  }

  private static Statements statements(Path state) throws SQLException, JournalException {
    Connection connection = Database.open(state);
    boolean migrated = false;
    try {
      Schema.current().migrate(connection);
      migrated = true;
      return new Statements(connection);
    } finally {
      if (!migrated) {
        connection.close();
      }
    }
  }

  private static void makeFolder(Path state) throws IOException {
    if (!Files.isDirectory(state)) {
      Files.createDirectories(
          state,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
  }

  /** SQLite gives its other files the mode of this one. */
  private static void makeFile(Path file) throws IOException {
    try {
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    } catch (FileAlreadyExistsException there) {
      // as it is in every start but the first
    }
  }

  /** What the engine before left behind, as it was when the journal was opened. */
  public Recovery recovery() {
    return recovery;
  }

  /**
   * Writes a batch, whole or not at all. The future is completed on the journal's thread, never
   * exceptionally: what depends on it must be short, or go elsewhere. Blocks while too much waits
   * for the disk.
   */
  public CompletableFuture<Appended> append(Batch batch) {
    return commits.append(batch);
  }

  /**
   * Forgets what ended before a time, at most {@code most} rows of each table, so that nothing else
   * waits long. Incidents that stand stay whole.
   *
   * @return how many rows went; call again until it is 0. 0 too where nothing could be written
   */
  public CompletableFuture<Integer> forget(long before, int most) {
    return commits.forget(before, most);
  }

  /** Batches that wait for the disk. */
  public int pending() {
    return commits.pending();
  }

  /** Writes what waits and a mark that the end was in order, and lets go of the folder. */
  @Override
  public void close() throws IOException {
    try {
      commits.close();
    } catch (SQLException failed) {
      throw new JournalException(
          "the journal was not closed in order: " + failed.getMessage(),
          "nothing is lost; the next start looks at what was left",
          failed);
    } finally {
      lock.close();
    }
  }
}
