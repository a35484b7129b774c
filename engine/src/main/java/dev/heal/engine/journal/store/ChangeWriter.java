package dev.heal.engine.journal.store;

import dev.heal.engine.decide.Halt;
import dev.heal.engine.decide.Times;
import dev.heal.engine.fact.FaultInstance;
import dev.heal.engine.journal.Change;
import dev.heal.engine.journal.OrderPlan;
import dev.heal.engine.journal.OrderState;
import dev.heal.engine.record.Entry;
import dev.heal.engine.schedule.Order;
import java.sql.SQLException;
import java.util.List;
import java.util.OptionalLong;

/** Changes to rows. A change that contradicts what is stored is a bug of the caller. */
final class ChangeWriter {
  private final Statements statements;

  ChangeWriter(Statements statements) {
    this.statements = statements;
  }

  /** Applies a change inside the transaction that is open. */
  void apply(Change change) throws SQLException {
    if (change instanceof Change.Noted noted) {
      note(noted);
    } else if (change instanceof Change.IncidentOpened opened) {
      open(opened);
    } else if (change instanceof Change.IncidentMoved moved) {
      one(
          moved,
          "UPDATE incidents SET state = ?, until = ? WHERE number = ?",
          moved.state().word(),
          moved.until(),
          moved.number());
    } else if (change instanceof Change.OrderPlanned planned) {
      plan(planned.plan(), planned.at());
    } else if (change instanceof Change.OrderStarted started) {
      start(started);
    } else if (change instanceof Change.OrderRemembered remembered) {
      one(
          remembered,
          "UPDATE orders SET memento = ? WHERE id = ? AND state = 'started'",
          remembered.memento(),
          remembered.id());
    } else if (change instanceof Change.OrderEnded ended) {
      end(ended);
    } else if (change instanceof Change.OrderUndone undone) {
      one(undone, "UPDATE orders SET undo_pending = 0 WHERE id = ?", undone.id());
    } else if (change instanceof Change.Kept kept) {
      keep(kept);
    } else if (change instanceof Change.HaltsMoved moved) {
      halts(moved.halts());
    } else if (change instanceof Change.LaddersNumbered numbered) {
      meta("last_ladder", Long.toString(numbered.last()));
    } else {
      throw new IllegalArgumentException("a change of an unknown kind: " + change);
    }
  }

  private void note(Change.Noted noted) throws SQLException {
    Entry entry = noted.entry();
    statements.run(
        "INSERT INTO entries (at, type, fault, entity, policy, rung, verb, target, deadline,"
            + " outcome, because, incident, generation, place)"
            + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        entry.at(),
        entry.type().word(),
        entry.instance().map(FaultInstance::fault),
        entry.instance().map(FaultInstance::entity),
        entry.policy(),
        entry.rung(),
        entry.verb(),
        entry.target(),
        entry.deadline(),
        entry.outcome(),
        entry.because(),
        noted.incident(),
        noted.generation(),
        noted.place());
  }

  private void open(Change.IncidentOpened opened) throws SQLException {
    statements.run(
        "INSERT INTO incidents (number, fault, entity, since, state) VALUES (?, ?, ?, ?, 'open')",
        opened.number(),
        opened.instance().fault(),
        opened.instance().entity().toString(),
        opened.since());
    meta("last_incident", Long.toString(opened.number()));
  }

  private void plan(OrderPlan plan, long at) throws SQLException {
    statements.run(
        "INSERT INTO orders (id, ladder, purpose, incident, fault, entity, policy, verb, object,"
            + " target, settings, reversible, destructive, deadline, state, planned_at)"
            + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'planned', ?)",
        plan.id(),
        plan.ladder(),
        Words.of(plan.purpose()),
        plan.incident(),
        plan.instance().fault(),
        plan.instance().entity().toString(),
        plan.policy(),
        plan.verb(),
        plan.object(),
        plan.target().toString(),
        plan.settings(),
        plan.reversible(),
        plan.destructive(),
        plan.deadline(),
        at);
    meta("last_order", Long.toString(plan.id()));
  }

  /** Once only. What can be undone is to be undone from here on, whatever becomes of the engine. */
  private void start(Change.OrderStarted started) throws SQLException {
    one(
        started,
        "UPDATE orders SET state = 'started', started_at = ?, memento = ?,"
            + " undo_pending = (reversible AND purpose = '"
            + Words.of(Order.Purpose.STEP)
            + "') WHERE id = ? AND state = 'planned'",
        started.at(),
        started.memento(),
        started.id());
  }

  private void end(Change.OrderEnded ended) throws SQLException {
    one(
        ended,
        "UPDATE orders SET state = ?, ended_at = ?, because = ?, undo_pending = ?"
            + " WHERE id = ? AND state IN ('"
            + OrderState.PLANNED.word()
            + "', '"
            + OrderState.STARTED.word()
            + "', '"
            + OrderState.UNKNOWN.word()
            + "')",
        ended.state().word(),
        ended.at(),
        ended.because(),
        ended.undoPending(),
        ended.id());
  }

  private void keep(Change.Kept kept) throws SQLException {
    if (kept.value().isEmpty()) {
      statements.run("DELETE FROM kept WHERE name = ?", kept.name());
      return;
    }
    statements.run(
        "INSERT INTO kept (name, value) VALUES (?, ?)"
            + " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        kept.name(),
        kept.value());
  }

  private void halts(List<Halt> halts) throws SQLException {
    statements.run("DELETE FROM halts");
    for (Halt halt : halts) {
      statements.run(
          "INSERT INTO halts (kind, name, since, until, entities, allowed, by, because)"
              + " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
          Words.of(halt.kind()),
          halt.name(),
          halt.since(),
          halt.until() == Times.NEVER ? OptionalLong.empty() : OptionalLong.of(halt.until()),
          Words.of(halt.on()),
          Words.of(halt.allowed()),
          halt.by(),
          halt.because());
    }
  }

  /** Remembers a fact about the whole journal. */
  void meta(String key, String value) throws SQLException {
    statements.run(
        "INSERT INTO meta (key, value) VALUES (?, ?)"
            + " ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        key,
        value);
  }

  private void one(Change change, String sql, Object... values) throws SQLException {
    if (statements.run(sql, values) != 1) {
      throw new Contradiction("the journal knows of nothing that this could follow: " + change);
    }
  }

  /** A change that the stored state does not allow. */
  static final class Contradiction extends SQLException {
    private static final long serialVersionUID = 1L;

    Contradiction(String message) {
      super(message);
    }
  }
}
