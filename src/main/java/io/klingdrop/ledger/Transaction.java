package io.klingdrop.ledger;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One open transaction: statements with positional arguments. Used by one thread. */
final class Transaction {
  private final Statements statements;
  private final boolean postgres;
  private final @Nullable InstantSource leases;
  private boolean wrote;

  /**
   * One of a connection.
   *
   * @param leases the clock leases run by, if it is to be another than the usual one
   */
  Transaction(Statements statements, boolean postgres, @Nullable InstantSource leases) {
    this.statements = statements;
    this.postgres = postgres;
    this.leases = leases;
  }

  /** What is done inside one transaction. */
  @FunctionalInterface
  interface Work<T extends @Nullable Object> {
    T in(Transaction tx) throws SQLException;
  }

  /** Runs each work in a transaction of its own. */
  @FunctionalInterface
  interface Runner {
    <T extends @Nullable Object> T run(Work<T> work);
  }

  /** Reads one row. */
  @FunctionalInterface
  interface Row<T> {
    T read(ResultSet row) throws SQLException;
  }

  /** The clause that keeps two nodes from waiting for each other; empty where one writer rules. */
  String skipLocked() {
    return postgres ? " for update skip locked" : "";
  }

  /** The clause that keeps a row as it is until the transaction ends. */
  String forShare() {
    return postgres ? " for share" : "";
  }

  /**
   * What time it is for leases, epoch milliseconds: the server's, which all nodes share; at a file
   * that of its only node.
   */
  long leaseNow(InstantSource own) throws SQLException {
    if (leases != null) {
      return leases.millis();
    }
    return postgres
        ? query(
                row -> row.getLong(1),
                "select (extract(epoch from clock_timestamp()) * 1000)::bigint")
            .get(0)
        : own.millis();
  }

  /**
   * Programs that find the same tables old at the same time change them one after the other, and
   * each for as long as it takes. Ends with the transaction.
   */
  void waitForOthersWhoMigrate() throws SQLException {
    if (postgres) {
      statements.waitAsLongAsItTakes();
      query(row -> 1, "select pg_advisory_xact_lock(7163052)");
    }
  }

  /**
   * Takes tables for this transaction alone, all of them before it changes any: two who take them
   * one by one can wait for each other. Whoever comes later waits behind this one, so it gives up
   * soon, and before the server would break off another one that waits for it (after a second).
   */
  void takeForItself(List<String> tables) throws SQLException {
    if (postgres && !tables.isEmpty()) {
      query(row -> 1, "select set_config('lock_timeout', '300ms', true)");
      update("lock table " + String.join(", ", tables) + " in access exclusive mode");
    }
  }

  /** Whether there is a table of that name, in lower case, where this user looks for tables. */
  boolean hasTable(String name) throws SQLException {
    var sql =
        postgres
            ? "select 1 where to_regclass(?) is not null"
            : "select 1 from sqlite_master where type = 'table' and name = ?";
    return first(row -> 1, sql, name).isPresent();
  }

  /** Whether rows were changed, so that it matters if the commit succeeds. */
  boolean wrote() {
    return wrote;
  }

  int update(String sql, @Nullable Object... args) throws SQLException {
    int rows = statements.with(PreparedStatement::executeUpdate, sql, args);
    wrote |= rows > 0;
    return rows;
  }

  <T> List<T> query(Row<T> row, String sql, @Nullable Object... args) throws SQLException {
    var all = statements.with(statement -> read(row, statement), sql, args);
    wrote |= !all.isEmpty() && !sql.startsWith("select");
    return all;
  }

  <T> Optional<T> first(Row<T> row, String sql, @Nullable Object... args) throws SQLException {
    var all = query(row, sql, args);
    return all.isEmpty() ? Optional.empty() : Optional.of(all.get(0));
  }

  private static <T> List<T> read(Row<T> row, PreparedStatement statement) throws SQLException {
    try (var rows = statement.executeQuery()) {
      var all = new ArrayList<T>();
      while (rows.next()) {
        all.add(row.read(rows));
      }
      return all;
    }
  }
}
