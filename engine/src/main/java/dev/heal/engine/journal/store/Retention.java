package dev.heal.engine.journal.store;

import java.sql.SQLException;

/**
 * Forgets what is old, a little at a time. What belongs to an incident that stands, and orders that
 * have not ended or are not undone, stay.
 */
final class Retention {
  private Retention() {}

  /**
   * Removes rows that ended before {@code before}, so many of each table at most.
   *
   * @return how many rows went
   */
  static int forget(Statements statements, long before, int most) throws SQLException {
    int entries =
        statements.run(
            "DELETE FROM entries WHERE sequence IN (SELECT sequence FROM entries WHERE at < ?"
                + " AND (incident IS NULL OR incident NOT IN"
                + " (SELECT number FROM incidents WHERE until IS NULL)) ORDER BY at LIMIT ?)",
            before,
            most);
    int orders =
        statements.run(
            "DELETE FROM orders WHERE id IN (SELECT id FROM orders WHERE ended_at < ?"
                + " AND state NOT IN ('planned', 'started') AND NOT undo_pending"
                + " AND (incident IS NULL OR incident NOT IN"
                + " (SELECT number FROM incidents WHERE until IS NULL)) ORDER BY ended_at LIMIT ?)",
            before,
            most);
    int incidents =
        statements.run(
            "DELETE FROM incidents WHERE number IN (SELECT number FROM incidents WHERE until < ?"
                + " AND NOT EXISTS (SELECT 1 FROM entries WHERE incident = number)"
                + " AND NOT EXISTS (SELECT 1 FROM orders WHERE incident = number)"
                + " ORDER BY until LIMIT ?)",
            before,
            most);
    return entries + orders + incidents;
  }
}
