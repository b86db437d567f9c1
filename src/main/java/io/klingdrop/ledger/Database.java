package io.klingdrop.ledger;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool;
import io.klingdrop.fault.CrashPoint;
import io.klingdrop.files.Private;
import io.klingdrop.ledger.Transaction.Work;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteConfig;

/**
 * The ledger's database: a SQLite file (write-ahead log, full sync, one connection) or PostgreSQL
 * (a small pool). Thread-safe. A SQLite file may be opened by a second process at the same time.
 */
public final class Database implements AutoCloseable {
  private static final String SQLITE = "jdbc:sqlite:";

  /**
   * A process that stands still in the middle of a transaction keeps no row from others for longer;
   * nothing here takes that long between two statements.
   */
  private static final String NO_STANDSTILL = "set idle_in_transaction_session_timeout = '5s'";

  /** Held while a file is in use. */
  final ReentrantLock turn = new ReentrantLock(true);

  private final @Nullable Connection sqlite;
  private final @Nullable Statements statements;
  private final @Nullable HikariDataSource pool;
  private final String begin;
  private final List<Database> readers = new CopyOnWriteArrayList<>();
  private volatile @Nullable InstantSource leases;
  private boolean asksIfCommitted = true;

  private Database(@Nullable Connection sqlite, @Nullable HikariDataSource pool) {
    this(sqlite, pool, "begin immediate");
  }

  private Database(@Nullable Connection sqlite, @Nullable HikariDataSource pool, String begin) {
    this.sqlite = sqlite;
    this.statements = sqlite == null ? null : Statements.kept(sqlite);
    this.pool = pool;
    this.begin = begin;
  }

  /**
   * Opens the database and brings its tables up to date, see {@link #open(String, String, String,
   * boolean)}.
   */
  public static Database open(String url, String user, String password) {
    return open(url, user, password, true);
  }

  /**
   * Opens the database.
   *
   * @param url {@code jdbc:sqlite:FILE} or {@code jdbc:postgresql:…}
   * @param user empty for SQLite
   * @param password empty for none
   * @param migrate whether tables that are older than this program are brought up to date; else
   *     they are refused and nothing is changed
   * @throws LedgerException if it cannot be opened, or if this program may not run on its tables
   */
  public static Database open(String url, String user, String password, boolean migrate) {
    return open(url, user, password, migrate, Schema.OURS);
  }

  static Database open(String url, String user, String password, boolean migrate, Schema schema) {
    if (!migrate && file(url).filter(file -> !Files.exists(file)).isPresent()) {
      throw schema.outdated(0);
    }
    var database = connect(url, user, password);
    try {
      if (migrate) {
        schema.migrate(database::transaction);
      } else {
        schema.require(database::transaction);
      }
      return database;
    } catch (RuntimeException e) {
      database.close();
      throw e;
    }
  }

  /**
   * Brings the tables up to date and closes the database again; services may be at work on it.
   *
   * @throws LedgerException if it cannot be done, nothing is changed then
   */
  public static Migrated migrate(String url, String user, String password) {
    try (var database = connect(url, user, password)) {
      return Schema.OURS.migrate(database::transaction);
    }
  }

  private static Database connect(String url, String user, String password) {
    try {
      return url.startsWith(SQLITE) ? openSqlite(url) : openPool(url, user, password);
    } catch (SQLException | IOException | HikariPool.PoolInitializationException e) {
      throw new LedgerException(
          "the database %s cannot be opened: %s. Check klingdrop.db.url and the disk."
              .formatted(plain(url), String.valueOf(e.getMessage()).replace(url, plain(url))),
          e);
    }
  }

  /** Whether other nodes may be at this database, too. */
  public boolean shared() {
    return pool != null;
  }

  /** From now on all leases run by that clock, in place of the server's or the claimant's. */
  void leasesBy(InstantSource clock) {
    leases = clock;
  }

  /** An address without user, password and options. */
  public static String plain(String url) {
    return url.replaceFirst("\\?.*$", "").replaceFirst("//[^/@]*@", "//");
  }

  /**
   * The same database for questions only, asked without a stage of this one waiting for their
   * answers: a SQLite file gets one more connection, which cannot write and whose questions wait
   * for each other; a server has connections for both. Closed with this one.
   *
   * @throws LedgerException if it cannot be opened
   */
  public Database reader() {
    if (sqlite == null) {
      return this;
    }
    try {
      var config = new SQLiteConfig();
      config.setReadOnly(true);
      config.setBusyTimeout(15_000);
      var url = sqlite.getMetaData().getURL();
      var reader = new Database(config.createConnection(url), null, "begin");
      readers.add(reader);
      return reader;
    } catch (SQLException e) {
      throw new LedgerException(
          "the database cannot be opened for questions: " + e.getMessage(), e);
    }
  }

  /**
   * The same server by one connection of its own, which nobody else waits for or is waited for, and
   * which does not wait long: for beats. What it was cut off from committing counts as not done. A
   * file is this one itself. Closed with this one.
   */
  public Database apart() {
    if (pool == null) {
      return this;
    }
    var config = config(pool.getJdbcUrl(), pool.getUsername(), pool.getPassword());
    config.setMaximumPoolSize(1);
    config.setConnectionTimeout(3_000);
    config.setPoolName("klingdrop-beat");
    config.addDataSourceProperty("socketTimeout", "5");
    config.addDataSourceProperty("connectTimeout", "3");
    var apart = new Database(null, new HikariDataSource(config));
    apart.leases = leases;
    apart.asksIfCommitted = false;
    readers.add(apart);
    return apart;
  }

  /**
   * Loads what opening will need, which takes a while the first time. Does nothing where there is
   * no ledger yet. Faults are left to {@link #open}.
   */
  public static void loadDriver(String url) {
    if (!url.startsWith(SQLITE)) {
      return;
    }
    try {
      var ledger = sqliteFile(url);
      if (Files.exists(ledger)) {
        NativeSqlite.load(ledger);
        new SQLiteConfig().createConnection(SQLITE + ":memory:").close();
      }
    } catch (SQLException | IOException e) {
      LoggerFactory.getLogger(Database.class).debug("no head start", e);
    }
  }

  /** The file of a SQLite ledger, absolute; empty for a database server. */
  public static Optional<Path> file(String url) {
    return url.startsWith(SQLITE) ? Optional.of(sqliteFile(url)) : Optional.empty();
  }

  private static Path sqliteFile(String url) {
    return Path.of(url.substring(SQLITE.length()).replaceFirst("\\?.*$", "")).toAbsolutePath();
  }

  /**
   * Copies a SQLite ledger as it is at one moment; others may go on writing.
   *
   * @param copy a file that does not exist
   * @return false for a database server, which has tools of its own
   * @throws LedgerException if it cannot be copied
   */
  public static boolean copy(String url, Path copy) {
    if (!url.startsWith(SQLITE)) {
      return false;
    }
    try {
      NativeSqlite.load(sqliteFile(url));
      var config = new SQLiteConfig();
      config.setBusyTimeout(15_000);
      try (var connection = config.createConnection(url);
          var vacuum = connection.prepareStatement("vacuum into ?")) {
        vacuum.setString(1, copy.toString());
        vacuum.execute();
        return true;
      }
    } catch (SQLException | IOException e) {
      throw new LedgerException(
          "the ledger cannot be copied to " + copy + ": " + e.getMessage(), e);
    }
  }

  private static Database openSqlite(String url) throws SQLException, IOException {
    var file = sqliteFile(url);
    var folder = file.getParent();
    if (folder != null && !url.endsWith(":memory:")) {
      makePrivate(folder, file);
      NativeSqlite.load(file);
    }
    var config = new SQLiteConfig();
    config.setJournalMode(SQLiteConfig.JournalMode.WAL);
    config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
    config.setBusyTimeout(15_000);
    config.enforceForeignKeys(true);
    return new Database(config.createConnection(url), null);
  }

  /** Folder and file are for this user alone where they are made now; SQLite's logs follow it. */
  private static void makePrivate(Path folder, Path file) throws IOException {
    Private.folder(folder);
    try {
      Files.createFile(file, Private.file(file));
    } catch (FileAlreadyExistsException e) {
      // an older one is tightened with the data folder
    }
  }

  private static Database openPool(String url, String user, String password) {
    var config = config(url, user.isEmpty() ? null : user, password);
    config.setMaximumPoolSize(6);
    config.setPoolName("klingdrop-ledger");
    config.addDataSourceProperty("socketTimeout", "60");
    return new Database(null, new HikariDataSource(config));
  }

  private static HikariConfig config(String url, @Nullable String user, String password) {
    var config = new HikariConfig();
    config.setJdbcUrl(url);
    config.setUsername(user);
    config.setPassword(password);
    config.setMinimumIdle(1);
    config.setAutoCommit(false);
    config.setConnectionInitSql(NO_STANDSTILL);
    // committed by itself: a new connection is not idle in a transaction
    config.setIsolateInternalQueries(true);
    config.addDataSourceProperty("ApplicationName", "klingdrop");
    // a server that vanished without a word is noticed, and nobody waits for it for ever
    config.addDataSourceProperty("tcpKeepAlive", "true");
    // a statement kept under a name is unknown to the next server behind a PgBouncer, and fails
    // when another program has added a column to its table; what the url says of it wins
    config.addDataSourceProperty("prepareThreshold", "0");
    return config;
  }

  /**
   * Runs the work in one transaction; it is committed when the work returns and rolled back when it
   * throws.
   *
   * @throws LedgerException if the database refuses
   */
  <T extends @Nullable Object> T transaction(Work<T> work) {
    try {
      if (statements != null) {
        turn.lock();
        try {
          return CrashPoint.after("ledger.committed", runAlone(statements, begin, leases, work));
        } finally {
          turn.unlock();
        }
      }
      try (var connection = pool().getConnection()) {
        return run(pool(), connection, work);
      }
    } catch (SQLException e) {
      throw refused(e);
    }
  }

  private HikariDataSource pool() {
    return Objects.requireNonNull(pool, "no database");
  }

  private static LedgerException refused(SQLException e) {
    return new LedgerException(
        "the database refused: %s. Nothing was changed; it is tried again."
            .formatted(e.getMessage()),
        e);
  }

  /**
   * One question, a {@code select}, which needs no transaction around it.
   *
   * @throws LedgerException if the database refuses
   */
  <T> List<T> query(Transaction.Row<T> row, String sql, @Nullable Object... args) {
    try {
      if (statements != null) {
        turn.lock();
        try {
          return new Transaction(statements, false, leases).query(row, sql, args);
        } finally {
          turn.unlock();
        }
      }
      try (var connection = pool().getConnection()) {
        connection.setAutoCommit(true);
        return new Transaction(Statements.passing(connection), true, leases).query(row, sql, args);
      }
    } catch (SQLException e) {
      throw refused(e);
    }
  }

  /** The same, for the first row of the answer. */
  <T> Optional<T> first(Transaction.Row<T> row, String sql, @Nullable Object... args) {
    return transaction(tx -> tx.first(row, sql, args));
  }

  /** The same, for an answer of one row with one number, such as a count. */
  long number(String sql, @Nullable Object... args) {
    return query(row -> row.getLong(1), sql, args).get(0);
  }

  /** One change in a transaction of its own; answers how many rows were changed. */
  int update(String sql, @Nullable Object... args) {
    return transaction(tx -> tx.update(sql, args));
  }

  /**
   * The driver's own transactions begin anew at each commit, which would keep every other process
   * out for as long as this one runs; so these begin and end here.
   */
  private static <T extends @Nullable Object> T runAlone(
      Statements statements, String begin, @Nullable InstantSource leases, Work<T> work)
      throws SQLException {
    statements.with(PreparedStatement::execute, begin);
    return finished(
        () -> {
          var answer = work.in(new Transaction(statements, false, leases));
          CrashPoint.at("ledger.before-commit");
          statements.with(PreparedStatement::execute, "commit");
          return answer;
        },
        () -> statements.with(PreparedStatement::execute, "rollback"));
  }

  @FunctionalInterface
  private interface Step<T extends @Nullable Object> {
    T run() throws SQLException;
  }

  @FunctionalInterface
  private interface Undo {
    void run() throws SQLException;
  }

  /**
   * Does it all or undoes it. A full disk undoes by itself, so that undoing fails: the first fault
   * is the one to tell.
   */
  private static <T extends @Nullable Object> T finished(Step<T> all, Undo undo)
      throws SQLException {
    try {
      return all.run();
    } catch (SQLException | RuntimeException | Error e) {
      try {
        undo.run();
      } catch (SQLException second) {
        e.addSuppressed(second);
      }
      throw e;
    }
  }

  private <T extends @Nullable Object> T run(
      HikariDataSource pool, Connection connection, Work<T> work) throws SQLException {
    return finished(
        () -> {
          var tx = new Transaction(Statements.passing(connection), true, leases);
          var answer = work.in(tx);
          if (tx.wrote() && asksIfCommitted) {
            Commit.of(connection, pool);
          } else {
            connection.commit();
          }
          return answer;
        },
        connection::rollback);
  }

  @Override
  public void close() {
    readers.forEach(Database::close);
    try {
      if (sqlite != null) {
        turn.lock();
        try {
          sqlite.close();
        } finally {
          turn.unlock();
        }
      }
    } catch (SQLException e) {
      throw new LedgerException("the database did not close: " + e.getMessage(), e);
    } finally {
      if (pool != null) {
        pool.close();
      }
    }
  }
}
