package dev.heal.engine.journal.store;

import dev.heal.engine.decide.Halt;
import dev.heal.engine.decide.Times;
import dev.heal.engine.fact.EntityId;
import dev.heal.engine.fact.FaultInstance;
import dev.heal.engine.journal.Change;
import dev.heal.engine.journal.Incident;
import dev.heal.engine.journal.IncidentState;
import dev.heal.engine.journal.OrderPlan;
import dev.heal.engine.journal.OrderState;
import dev.heal.engine.journal.StoredEntry;
import dev.heal.engine.journal.StoredOrder;
import dev.heal.engine.record.Entry;
import dev.heal.engine.record.EntryType;
import dev.heal.engine.schedule.Order;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeSet;

/** Rows to values. A row that is no value was not written by this program. */
final class Rows {
  /** What makes a value of a row. */
  interface Reading<T> {
    T read(ResultSet row) throws SQLException;
  }

  private Rows() {}

  static <T> List<T> all(PreparedStatement statement, Reading<T> reading) throws SQLException {
    List<T> values = new ArrayList<>();
    try (ResultSet rows = statement.executeQuery()) {
      while (rows.next()) {
        values.add(reading.read(rows));
      }
    }
    return values;
  }

  static Incident incident(ResultSet row) throws SQLException {
    return new Incident(
        row.getLong("number"),
        instance(row),
        row.getLong("since"),
        number(row, "until"),
        Words.value(IncidentState.class, row.getString("state")));
  }

  static StoredEntry entry(ResultSet row) throws SQLException {
    Entry entry =
        new Entry(
            row.getLong("at"),
            Words.value(EntryType.class, row.getString("type")),
            text(row, "fault").isPresent() ? Optional.of(instance(row)) : Optional.empty(),
            text(row, "policy"),
            small(row, "rung"),
            text(row, "verb"),
            optionalEntity(row, "target"),
            number(row, "deadline"),
            text(row, "outcome"),
            row.getString("because"));
    return new StoredEntry(
        row.getLong("sequence"),
        new Change.Noted(
            entry, number(row, "incident"), number(row, "generation"), text(row, "place")));
  }

  static StoredOrder order(ResultSet row) throws SQLException {
    OrderPlan plan =
        new OrderPlan(
            row.getLong("id"),
            row.getLong("ladder"),
            Words.value(Order.Purpose.class, row.getString("purpose")),
            number(row, "incident"),
            instance(row),
            row.getString("policy"),
            row.getString("verb"),
            text(row, "object"),
            entity(row.getString("target")),
            row.getString("settings"),
            row.getBoolean("reversible"),
            row.getBoolean("destructive"),
            number(row, "deadline"));
    return new StoredOrder(
        plan,
        Words.value(OrderState.class, row.getString("state")),
        row.getLong("planned_at"),
        number(row, "started_at"),
        number(row, "ended_at"),
        text(row, "because"),
        text(row, "memento"),
        row.getBoolean("undo_pending"));
  }

  static Halt halt(ResultSet row) throws SQLException {
    NavigableSet<EntityId> on = new TreeSet<>();
    for (String text : Words.list(row.getString("entities"))) {
      on.add(entity(text));
    }
    return new Halt(
        Words.value(Halt.Kind.class, row.getString("kind")),
        row.getString("name"),
        row.getLong("since"),
        number(row, "until").orElse(Times.NEVER),
        on,
        new TreeSet<>(Words.list(row.getString("allowed"))),
        row.getString("by"),
        row.getString("because"));
  }

  private static FaultInstance instance(ResultSet row) throws SQLException {
    return new FaultInstance(row.getString("fault"), entity(row.getString("entity")));
  }

  private static EntityId entity(String text) throws SQLException {
    return EntityId.parse(text)
        .orElseThrow(() -> new SQLException("`" + text + "` in the journal is no entity"));
  }

  private static Optional<EntityId> optionalEntity(ResultSet row, String column)
      throws SQLException {
    Optional<String> text = text(row, column);
    return text.isPresent() ? Optional.of(entity(text.get())) : Optional.empty();
  }

  private static Optional<String> text(ResultSet row, String column) throws SQLException {
    return Optional.ofNullable(row.getString(column));
  }

  private static OptionalLong number(ResultSet row, String column) throws SQLException {
    long value = row.getLong(column);
    return row.wasNull() ? OptionalLong.empty() : OptionalLong.of(value);
  }

  private static OptionalInt small(ResultSet row, String column) throws SQLException {
    int value = row.getInt(column);
    return row.wasNull() ? OptionalInt.empty() : OptionalInt.of(value);
  }
}
