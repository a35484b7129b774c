package dev.heal.engine.journal.store;

import dev.heal.engine.journal.JournalException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** The tables, and how an older journal becomes one of today. A published step never changes. */
final class Schema {
  private static final List<List<String>> STEPS =
      List.of(
          List.of(
              """
              CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL)
              """,
              """
              CREATE TABLE incidents (
                number INTEGER PRIMARY KEY CHECK (number > 0),
                fault TEXT NOT NULL,
                entity TEXT NOT NULL,
                since INTEGER NOT NULL,
                until INTEGER,
                state TEXT NOT NULL)
              """,
              """
              CREATE TABLE entries (
                sequence INTEGER PRIMARY KEY,
                at INTEGER NOT NULL,
                type TEXT NOT NULL,
                fault TEXT,
                entity TEXT,
                policy TEXT,
                rung INTEGER,
                verb TEXT,
                target TEXT,
                deadline INTEGER,
                outcome TEXT,
                because TEXT NOT NULL,
                incident INTEGER REFERENCES incidents (number),
                generation INTEGER,
                place TEXT,
                CHECK ((fault IS NULL) = (entity IS NULL)))
              """,
              """
              CREATE TABLE orders (
                id INTEGER PRIMARY KEY CHECK (id > 0),
                ladder INTEGER NOT NULL,
                purpose TEXT NOT NULL,
                incident INTEGER REFERENCES incidents (number),
                fault TEXT NOT NULL,
                entity TEXT NOT NULL,
                policy TEXT NOT NULL,
                verb TEXT NOT NULL,
                object TEXT,
                target TEXT NOT NULL,
                settings TEXT NOT NULL,
                reversible INTEGER NOT NULL,
                destructive INTEGER NOT NULL,
                deadline INTEGER,
                state TEXT NOT NULL,
                planned_at INTEGER NOT NULL,
                started_at INTEGER,
                ended_at INTEGER,
                because TEXT,
                memento TEXT,
                undo_pending INTEGER NOT NULL DEFAULT 0)
              """,
              "CREATE INDEX entries_at ON entries (at)",
              "CREATE INDEX entries_incident ON entries (incident)",
              "CREATE INDEX orders_incident ON orders (incident)",
              "CREATE INDEX orders_open ON orders (id) WHERE state IN ('planned', 'started') OR undo_pending",
              "CREATE INDEX orders_ended ON orders (ended_at)",
              "CREATE INDEX incidents_standing ON incidents (number) WHERE until IS NULL",
              "CREATE INDEX incidents_until ON incidents (until)",
              """
              CREATE VIEW timeline AS
                SELECT strftime('%Y-%m-%dT%H:%M:%S', at / 1000000000, 'unixepoch')
                    || printf('.%03dZ', at / 1000000 % 1000) AS time,
                  incident, type, fault, entity, policy, rung, verb, target, outcome, because,
                  generation, place
                FROM entries ORDER BY sequence
              """),
          List.of("CREATE TABLE kept (name TEXT PRIMARY KEY, value TEXT NOT NULL)"),
          List.of(
              """
              CREATE TABLE halts (
                kind TEXT NOT NULL,
                name TEXT NOT NULL,
                since INTEGER NOT NULL,
                until INTEGER,
                entities TEXT NOT NULL,
                allowed TEXT NOT NULL,
                by TEXT NOT NULL,
                because TEXT NOT NULL,
                PRIMARY KEY (kind, name))
              """));

  private final List<List<String>> steps;

  private Schema(List<List<String>> steps) {
    this.steps = steps;
  }

  /** Today's. */
  static Schema current() {
    return new Schema(STEPS);
  }

  /** How many steps it took. */
  int version() {
    return steps.size();
  }

  /** Today's and what may come. */
  Schema with(List<String> step) {
    List<List<String>> more = new java.util.ArrayList<>(steps);
    more.add(List.copyOf(step));
    return new Schema(List.copyOf(more));
  }

  /** Brings the database to this version, as one transaction. */
  void migrate(Connection connection) throws SQLException, JournalException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("BEGIN IMMEDIATE");
      statement.execute("CREATE TABLE IF NOT EXISTS schema_version (version INTEGER NOT NULL)");
      int version = version(statement);
      requireKnown(version);
      for (List<String> step : steps.subList(version, steps.size())) {
        for (String sql : step) {
          statement.execute(sql);
        }
      }
      if (version < steps.size()) {
        statement.execute("DELETE FROM schema_version");
        statement.execute("INSERT INTO schema_version VALUES (" + steps.size() + ")");
      }
      statement.execute("COMMIT");
    }
  }

  /** Refuses a journal that this version does not read. */
  void requireReadable(Connection connection) throws SQLException, JournalException {
    try (Statement statement = connection.createStatement()) {
      int version = version(statement);
      requireKnown(version);
      if (version < steps.size()) {
        throw new JournalException(
            "the journal is of version %d, this heal reads %d".formatted(version, steps.size()),
            "start the engine of this version once: it brings the journal up to date");
      }
    }
  }

  private void requireKnown(int version) throws JournalException {
    if (version > steps.size()) {
      throw new JournalException(
          "the journal was written by a newer heal: its version is %d, this one knows %d"
              .formatted(version, steps.size()),
          "use the newer heal, or another --state folder");
    }
  }

  private static int version(Statement statement) throws SQLException {
    try (ResultSet row = statement.executeQuery("SELECT max(version) FROM schema_version")) {
      return row.next() ? row.getInt(1) : 0;
    }
  }
}
