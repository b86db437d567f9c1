package io.klingdrop.ledger;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Commits what was written at a PostgreSQL server. If the connection breaks before the server has
 * answered, nobody here knows whether it committed: a job that is claimed then would be nobody's
 * until its lease ends. The server is asked, by the number it gave the transaction (PostgreSQL 13
 * manual, 9.27.9, {@code pg_xact_status}).
 */
final class Commit {
  private static final Logger LOG = LoggerFactory.getLogger(Commit.class);

  /**
   * A number the server has not given out yet: one that took over and never had the transaction.
   */
  private static final String NOT_GIVEN_OUT = "22023";

  private Commit() {}

  /**
   * Commits; waits for the server to come back if it goes away meanwhile.
   *
   * @param pool further connections to the same server
   * @throws SQLException if nothing was written
   * @throws LedgerException if the program stops before the server is back: what was written is not
   *     known
   */
  static void of(Connection connection, HikariDataSource pool) throws SQLException {
    var number = text(connection, "select pg_current_xact_id()::text");
    try {
      connection.commit();
    } catch (SQLException e) {
      if (!committed(pool, String.valueOf(number), e)) {
        throw e;
      }
      LOG.warn(
          "the database was cut off while it wrote; it says now that it did: {}", e.toString());
    }
  }

  /** Whether the server has written the transaction of that number. */
  static boolean committed(HikariDataSource pool, String number, SQLException cause) {
    var told = false;
    while (!pool.isClosed() && !Thread.currentThread().isInterrupted()) {
      try (var connection = pool.getConnection()) {
        var status =
            text(
                connection,
                "select pg_xact_status('%s'::xid8) from (select pg_sleep(0.1)) as later"
                    .formatted(number));
        if (!"in progress".equals(status)) {
          return "committed".equals(status);
        }
      } catch (SQLException e) {
        if (NOT_GIVEN_OUT.equals(e.getSQLState())) {
          return false;
        }
        if (!told) {
          LOG.error(
              "the database was cut off while it wrote; it is asked whether it did until it"
                  + " answers, and does not answer yet: {}",
              e.toString());
          told = true;
        }
      }
    }
    throw new LedgerException(
        "stopped before the database told whether it wrote: " + cause.getMessage(), cause);
  }

  private static @Nullable String text(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement();
        var rows = statement.executeQuery(sql)) {
      return rows.next() ? rows.getString(1) : null;
    }
  }
}
