package dev.heal.engine.journal.store;

import dev.heal.engine.journal.Recovery;
import dev.heal.engine.record.Entry;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What an engine left behind. */
final class Recoveries {
  private Recoveries() {}

  static Recovery read(Statements statements) throws SQLException {
    return new Recovery(
        meta(statements, "clean_shutdown", "yes").equals("yes"),
        Long.parseLong(meta(statements, "last_order", "0")),
        Long.parseLong(meta(statements, "last_incident", "0")),
        Rows.all(
            statements.with(
                "SELECT * FROM incidents WHERE until IS NULL OR number IN (SELECT incident FROM"
                    + " orders WHERE state IN ('planned', 'started') OR undo_pending)"
                    + " ORDER BY number"),
            Rows::incident),
        new Recovery.UnfinishedOrders(
            Rows.all(
                statements.with("SELECT * FROM orders WHERE state = 'planned' ORDER BY id"),
                Rows::order),
            Rows.all(
                statements.with("SELECT * FROM orders WHERE state = 'started' ORDER BY id"),
                Rows::order),
            Rows.all(
                statements.with(
                    "SELECT * FROM orders WHERE undo_pending"
                        + " AND state NOT IN ('planned', 'started') ORDER BY id"),
                Rows::order)),
        kept(statements),
        Long.parseLong(meta(statements, "last_ladder", "0")),
        Rows.all(statements.with("SELECT * FROM halts ORDER BY kind, name"), Rows::halt),
        recent(statements));
  }

  private static List<Entry> recent(Statements statements) throws SQLException {
    return Rows.all(
            statements.with(
                "SELECT * FROM (SELECT * FROM entries WHERE type IN ('decision', 'action_started',"
                    + " 'ended') ORDER BY sequence DESC LIMIT ?) ORDER BY sequence",
                Recovery.MOST_RECENT),
            Rows::entry)
        .stream()
        .map(stored -> stored.noted().entry())
        .toList();
  }

  private static Map<String, String> kept(Statements statements) throws SQLException {
    Map<String, String> kept = new TreeMap<>();
    Rows.all(
            statements.with("SELECT name, value FROM kept"),
            row -> Map.entry(row.getString(1), row.getString(2)))
        .forEach(entry -> kept.put(entry.getKey(), entry.getValue()));
    return kept;
  }

  private static String meta(Statements statements, String key, String otherwise)
      throws SQLException {
    List<String> found =
        Rows.all(
            statements.with("SELECT value FROM meta WHERE key = ?", key), row -> row.getString(1));
    return found.isEmpty() ? otherwise : found.get(0);
  }
}
