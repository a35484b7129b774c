package dev.heal.engine.journal.store;

import dev.heal.engine.fact.EntityId;
import dev.heal.engine.journal.Incident;
import dev.heal.engine.journal.IncidentFilter;
import dev.heal.engine.journal.JournalException;
import dev.heal.engine.journal.Recovery;
import dev.heal.engine.journal.StoredEntry;
import dev.heal.engine.journal.StoredOrder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What happened, for anybody who may read the state folder, also while the engine runs: all answers
 * of one reader are of one moment, that of its first. Keep it for a short time only: the log of the
 * database grows meanwhile. Not for several threads.
 */
public final class JournalReader implements AutoCloseable {
  private final Path state;
  private final Statements statements;

  private JournalReader(Path state, Statements statements) {
    this.state = state;
    this.statements = statements;
  }

  /**
   * Opens the journal of a state folder.
   *
   * @throws JournalException where there is none, or it cannot be read
   */
  public static JournalReader open(Path state) throws IOException {
    if (!Files.isRegularFile(state.resolve(Database.FILE))) {
      throw new JournalException(
          "there is no journal in `%s`".formatted(state),
          "give the --state folder of `heal run`, as its user or as root");
    }
    try {
      Connection connection = Database.openToRead(state);
      try {
        Schema.current().requireReadable(connection);
        Statements statements = new Statements(connection);
        statements.run("BEGIN");
        return new JournalReader(state, statements);
      } catch (SQLException | IOException failed) {
        connection.close();
        throw failed;
      }
    } catch (SQLException failed) {
      throw Database.inWords(state, failed);
    }
  }

  /** The newest that match, in their order. */
  public List<Incident> incidents(IncidentFilter filter) throws IOException {
    return ask(
        "SELECT * FROM (SELECT * FROM incidents WHERE (?1 IS NULL OR fault = ?1)"
            + " AND (?2 IS NULL OR entity = ?2)"
            + " AND (?3 IS NULL OR until IS NULL OR until >= ?3) AND (NOT ?4 OR until IS NULL)"
            + " ORDER BY number DESC LIMIT ?5) ORDER BY number",
        Rows::incident,
        filter.fault(),
        filter.entity().map(EntityId::toString),
        filter.since(),
        filter.standing(),
        filter.limit());
  }

  public Optional<Incident> incident(long number) throws IOException {
    return ask("SELECT * FROM incidents WHERE number = ?", Rows::incident, number).stream()
        .findFirst();
  }

  /** The entries of an incident, in order. */
  public List<StoredEntry> entries(long incident) throws IOException {
    return ask("SELECT * FROM entries WHERE incident = ? ORDER BY sequence", Rows::entry, incident);
  }

  /** The orders of an incident, in order. */
  public List<StoredOrder> orders(long incident) throws IOException {
    return ask("SELECT * FROM orders WHERE incident = ? ORDER BY id", Rows::order, incident);
  }

  public Optional<StoredOrder> order(long id) throws IOException {
    return ask("SELECT * FROM orders WHERE id = ?", Rows::order, id).stream().findFirst();
  }

  /** Every entry behind {@code sequence}, in order, one at a time; 0 for all. */
  public void forEachEntry(long sequence, Consumer<StoredEntry> sink) throws IOException {
    try (ResultSet rows =
        statements
            .with("SELECT * FROM entries WHERE sequence > ? ORDER BY sequence", sequence)
            .executeQuery()) {
      while (rows.next()) {
        sink.accept(Rows.entry(rows));
      }
    } catch (SQLException failed) {
      throw Database.inWords(state, failed);
    }
  }

  /** What an engine would find if it opened the journal now. */
  public Recovery recovery() throws IOException {
    try {
      return Recoveries.read(statements);
    } catch (SQLException failed) {
      throw Database.inWords(state, failed);
    }
  }

  private <T> List<T> ask(String sql, Rows.Reading<T> reading, Object... values)
      throws IOException {
    try {
      return Rows.all(statements.with(sql, values), reading);
    } catch (SQLException failed) {
      throw Database.inWords(state, failed);
    }
  }

  @Override
  public void close() throws IOException {
    try {
      statements.close();
    } catch (SQLException failed) {
      throw Database.inWords(state, failed);
    }
  }
}
