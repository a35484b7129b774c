package dev.heal.engine.journal.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Prepared statements by their text, with places that may stay empty. Owns its connection. */
final class Statements implements AutoCloseable {
  private final Connection connection;
  private final Map<String, PreparedStatement> prepared = new HashMap<>();

  Statements(Connection connection) {
    this.connection = connection;
  }

  /** Runs a statement with its values; gives back how many rows it changed. */
  int run(String sql, Object... values) throws SQLException {
    PreparedStatement statement = with(sql, values);
    try {
      return statement.executeUpdate();
    } catch (SQLException failed) {
      prepared.remove(sql); // the driver has finalized it
      statement.close();
      throw failed;
    }
  }

  /** The statement with its values bound, to be run or asked. */
  PreparedStatement with(String sql, Object... values) throws SQLException {
    PreparedStatement statement = prepared.get(sql);
    if (statement == null) {
      statement = connection.prepareStatement(sql);
      prepared.put(sql, statement);
    }
    for (int i = 0; i < values.length; i++) {
      bind(statement, i + 1, values[i]);
    }
    return statement;
  }

  private static void bind(PreparedStatement statement, int index, Object value)
      throws SQLException {
    if (value instanceof Long number) {
      statement.setLong(index, number);
    } else if (value instanceof Integer number) {
      statement.setInt(index, number);
    } else if (value instanceof Boolean flag) {
      statement.setInt(index, flag ? 1 : 0);
    } else if (value instanceof OptionalLong number && number.isPresent()) {
      statement.setLong(index, number.getAsLong());
    } else if (value instanceof OptionalInt number && number.isPresent()) {
      statement.setInt(index, number.getAsInt());
    } else if (value instanceof Optional<?> text && text.isPresent()) {
      statement.setString(index, text.get().toString());
    } else if (value instanceof String text) {
      statement.setString(index, text);
    } else {
      requireEmpty(value);
      statement.setNull(index, Types.NULL);
    }
  }

  private static void requireEmpty(Object value) {
    if (!(value instanceof Optional
        || value instanceof OptionalLong
        || value instanceof OptionalInt)) {
      throw new IllegalArgumentException("no column holds a " + value.getClass());
    }
  }

  /** Rolls back what has begun; where the failure did that already, there is nothing to do. */
  void rollback() throws SQLException {
    try {
      run("ROLLBACK");
    } catch (SQLException failed) {
      String message = String.valueOf(failed.getMessage());
      if (!message.contains("no transaction is active")) {
        throw failed;
      }
    }
  }

  @Override
  public void close() throws SQLException {
    for (PreparedStatement statement : prepared.values()) {
      statement.close();
    }
    connection.close();
  }
}
