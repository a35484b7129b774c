package dev.heal.engine.journal.store;

import dev.heal.engine.journal.JournalException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;
import org.sqlite.SQLiteOpenMode;

/** Opens {@code STATE/journal.db}, and says in words what SQLite answers. */
final class Database {
  static final String FILE = "journal.db";

  /** An operator's {@code sqlite3} may hold the journal for a while. */
  private static final int BUSY_MILLIS = 30_000;

  /** A checkpoint that readers held up makes the log longer; behind them it shrinks to this. */
  private static final long MOST_LOG_BYTES = 4 << 20;

  private Database() {}

  /** For the engine: what is committed is on the disk. */
  static Connection open(Path state) throws SQLException {
    SQLiteConfig config = new SQLiteConfig();
    config.setBusyTimeout(BUSY_MILLIS);
    config.enforceForeignKeys(true);
    Connection connection = config.createConnection(url(state));
    try (Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA journal_mode = WAL");
      statement.execute("PRAGMA synchronous = FULL");
      statement.execute("PRAGMA journal_size_limit = " + MOST_LOG_BYTES);
      return connection;
    } catch (SQLException failed) {
      connection.close();
      throw failed;
    }
  }

  /** For anybody, also while the engine writes. */
  static Connection openToRead(Path state) throws SQLException {
    SQLiteConfig config = new SQLiteConfig();
    config.setBusyTimeout(BUSY_MILLIS);
    config.setReadOnly(true);
    config.setOpenMode(SQLiteOpenMode.READONLY);
    config.resetOpenMode(SQLiteOpenMode.CREATE);
    return config.createConnection(url(state));
  }

  /** A URI, so that no sign in the name of a folder means anything to the driver. */
  private static String url(Path state) {
    return "jdbc:sqlite:" + state.toAbsolutePath().normalize().resolve(FILE).toUri();
  }

  static boolean isFull(SQLException problem) {
    return problem instanceof SQLiteException sqlite
        && sqlite.getResultCode() == SQLiteErrorCode.SQLITE_FULL;
  }

  /** Whether the file system failed, as it does on a full disk or a spent quota. */
  static boolean isInputOutput(SQLException problem) {
    return problem instanceof SQLiteException sqlite
        && sqlite.getResultCode().name().startsWith("SQLITE_IOERR");
  }

  /** Whether more space may be what it needs. */
  static boolean mayBeFull(SQLException problem) {
    return isFull(problem) || isInputOutput(problem);
  }

  /** The journal cannot be opened. */
  static JournalException inWords(Path state, SQLException problem) {
    String help =
        problem instanceof SQLiteException sqlite
            ? help(state, sqlite.getResultCode())
            : look(state);
    return new JournalException(
        "the journal in `%s` cannot be opened: %s".formatted(state, problem.getMessage()),
        help,
        problem);
  }

  private static String help(Path state, SQLiteErrorCode code) {
    String name = code.name();
    if (name.equals("SQLITE_NOTADB") || name.startsWith("SQLITE_CORRUPT")) {
      return "it is damaged: move `%s` away to begin a new one; what was throttled or cordoned is then for you to take back"
          .formatted(state.resolve(FILE));
    }
    if (name.startsWith("SQLITE_BUSY") || name.startsWith("SQLITE_LOCKED")) {
      return "another process holds it: `fuser %s` names it".formatted(state.resolve(FILE));
    }
    return look(state);
  }

  private static String look(Path state) {
    return "look at the space, the rights and the disk of `%s`".formatted(state);
  }
}
