package io.klingdrop.ledger;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.klingdrop.fault.CrashPoint;
import io.klingdrop.files.Private;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
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
  private static final List<String> MIGRATIONS =
      List.of(
          "V001__jobs.sql",
          "V002__lookup.sql",
          "V003__run_times.sql",
          "V004__attempts.sql",
          "V005__outcomes.sql",
          "V006__callbacks.sql",
          "V007__shipments.sql",
          "V008__pauses.sql",
          "V009__reservations.sql",
          "V010__warnings.sql",
          "V011__no_room.sql",
          "V012__folders.sql",
          "V014__nodes.sql");
  private static final String SQLITE = "jdbc:sqlite:";

  /** Held while a file is in use. */
  final ReentrantLock turn = new ReentrantLock(true);

  private final @Nullable Connection sqlite;
  private final @Nullable Statements statements;
  private final @Nullable HikariDataSource pool;
  private final String begin;
  private final List<Database> readers = new CopyOnWriteArrayList<>();
  private volatile @Nullable InstantSource leases;

  private Database(@Nullable Connection sqlite, @Nullable HikariDataSource pool) {
    this(sqlite, pool, "begin immediate");
  }

  private Database(@Nullable Connection sqlite, @Nullable HikariDataSource pool, String begin) {
    this.sqlite = sqlite;
    this.statements = sqlite == null ? null : Statements.kept(sqlite);
    this.pool = pool;
    this.begin = begin;
  }

  /** What is done inside one transaction. */
  @FunctionalInterface
  interface Work<T extends @Nullable Object> {
    T in(Transaction tx) throws SQLException;
  }

  /**
   * Opens the database and brings its tables up to date.
   *
   * @param url {@code jdbc:sqlite:FILE} or {@code jdbc:postgresql:…}
   * @param user empty for SQLite
   * @param password empty for none
   * @throws LedgerException if it cannot be opened, or was made by a newer version
   */
  public static Database open(String url, String user, String password) {
    try {
      var database = url.startsWith(SQLITE) ? openSqlite(url) : openPool(url, user, password);
      database.migrate();
      return database;
    } catch (SQLException | IOException e) {
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
   * which does not wait long: for beats. A file is this one itself. Closed with this one.
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
      var ledger = file(url);
      if (Files.exists(ledger)) {
        NativeSqlite.load(ledger);
        new SQLiteConfig().createConnection(SQLITE + ":memory:").close();
      }
    } catch (SQLException | IOException e) {
      LoggerFactory.getLogger(Database.class).debug("no head start", e);
    }
  }

  private static Path file(String url) {
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
      NativeSqlite.load(file(url));
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
    var file = file(url);
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
    config.addDataSourceProperty("ApplicationName", "klingdrop");
    // a server that vanished without a word is noticed, and nobody waits for it for ever
    config.addDataSourceProperty("tcpKeepAlive", "true");
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
          if (tx.wrote()) {
            Commit.of(connection, pool);
          } else {
            connection.commit();
          }
          return answer;
        },
        connection::rollback);
  }

  private void migrate() throws SQLException, IOException {
    var scripts = MIGRATIONS.stream().map(Database::script).toList();
    transaction(
        tx -> {
          tx.waitForOthersWhoMigrate();
          tx.update("create table if not exists schema_version (version integer primary key)");
          var have =
              tx.query(row -> row.getInt(1), "select coalesce(max(version), 0) from schema_version")
                  .get(0);
          if (have > scripts.size()) {
            throw new LedgerException(
                "the database has version %d, this program knows %d: use a newer klingdrop.jar"
                    .formatted(have, scripts.size()));
          }
          for (int version = have + 1; version <= scripts.size(); version++) {
            for (var statement : scripts.get(version - 1).split(";\\s*\\R", -1)) {
              if (!statement.isBlank()) {
                tx.update(statement);
              }
            }
            tx.update("insert into schema_version (version) values (?)", version);
          }
          return scripts.size();
        });
  }

  private static String script(String name) {
    try (var in = Database.class.getResourceAsStream("/db/" + name)) {
      if (in == null) {
        throw new IllegalStateException("missing in the jar: db/" + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
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
