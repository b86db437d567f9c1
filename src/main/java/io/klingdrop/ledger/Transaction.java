package io.klingdrop.ledger;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One open transaction: statements with positional arguments. Used by one thread. */
record Transaction(Connection connection, boolean postgres) {
  /** Reads one row. */
  @FunctionalInterface
  interface Row<T> {
    T read(ResultSet row) throws SQLException;
  }

  /** The clause that keeps two nodes from waiting for each other; empty where one writer rules. */
  String skipLocked() {
    return postgres ? " for update skip locked" : "";
  }

  int update(String sql, @Nullable Object... args) throws SQLException {
    try (var statement = prepare(sql, args)) {
      return statement.executeUpdate();
    }
  }

  <T> List<T> query(Row<T> row, String sql, @Nullable Object... args) throws SQLException {
    try (var statement = prepare(sql, args);
        var rows = statement.executeQuery()) {
      var all = new ArrayList<T>();
      while (rows.next()) {
        all.add(row.read(rows));
      }
      return all;
    }
  }

  <T> Optional<T> first(Row<T> row, String sql, @Nullable Object... args) throws SQLException {
    var all = query(row, sql, args);
    return all.isEmpty() ? Optional.empty() : Optional.of(all.get(0));
  }

  private PreparedStatement prepare(String sql, @Nullable Object... args) throws SQLException {
    var statement = connection.prepareStatement(sql);
    try {
      for (int i = 0; i < args.length; i++) {
        statement.setObject(i + 1, args[i]);
      }
      return statement;
    } catch (SQLException e) {
      statement.close();
      throw e;
    }
  }
}
