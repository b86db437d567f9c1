package io.klingdrop.ledger;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The statements of one connection. SQLite's driver prepares each one anew, which costs more than
 * most of them take to run; so the last used ones are kept. PostgreSQL's driver keeps its own. Used
 * by one thread at a time.
 */
final class Statements {
  private static final Logger LOG = LoggerFactory.getLogger(Statements.class);
  private static final int KEPT = 150;

  private final Connection connection;
  private final int kept;
  private final Map<String, PreparedStatement> idle = new LinkedHashMap<>(16, 0.75f, true);

  private Statements(Connection connection, int kept) {
    this.connection = connection;
    this.kept = kept;
  }

  /** Keeps statements until the connection is closed. */
  static Statements kept(Connection connection) {
    return new Statements(connection, KEPT);
  }

  /** Closes each statement after its use. */
  static Statements passing(Connection connection) {
    return new Statements(connection, 0);
  }

  /**
   * From now on no answer of the server is too late, until the connection is given back to its
   * pool.
   */
  void waitAsLongAsItTakes() throws SQLException {
    connection.setNetworkTimeout(Runnable::run, 0);
  }

  /** What is done with a statement that has its arguments. */
  @FunctionalInterface
  interface Use<T> {
    T of(PreparedStatement statement) throws SQLException;
  }

  /** Runs a statement with positional arguments; one that failed is not used again. */
  <T> T with(Use<T> use, String sql, @Nullable Object... args) throws SQLException {
    var before = idle.remove(sql);
    var statement = before == null ? connection.prepareStatement(sql) : before;
    T answer;
    try {
      for (int i = 0; i < args.length; i++) {
        statement.setObject(i + 1, args[i]);
      }
      answer = use.of(statement);
    } catch (SQLException | RuntimeException | Error e) {
      close(statement);
      throw e;
    }
    var twin = idle.put(sql, statement);
    if (twin != null) {
      close(twin);
    }
    while (idle.size() > kept) {
      var oldest = idle.keySet().iterator().next();
      close(idle.remove(oldest));
    }
    return answer;
  }

  /** What was done with a statement is done, whatever its end says. */
  private static void close(PreparedStatement statement) {
    try {
      statement.close();
    } catch (SQLException e) {
      LOG.debug("a statement did not close", e);
    }
  }
}
