package io.klingdrop.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.klingdrop.testing.GuestRole;
import io.klingdrop.testing.Patience;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Programs of several versions, with more rights and fewer, find one real PostgreSQL. */
class SchemaTest {
  private static final String READERS = Schema.OURS.text().apply("V013__readers.sql");
  private static final int KNOWN = Schema.OURS.scripts().size();

  private static EmbeddedPostgres server;
  private static GuestRole guest;
  private static int databases;
  private String name = "";
  private ExecutorService workers;

  @BeforeAll
  static void start() throws IOException, SQLException {
    server = EmbeddedPostgres.builder().start();
    guest = new GuestRole(server);
  }

  @AfterAll
  static void stop() throws IOException {
    server.close();
  }

  @BeforeEach
  void create() throws SQLException {
    name = "schema" + databases++;
    guest.createDatabase(name, "template1");
    workers = Executors.newCachedThreadPool();
  }

  @AfterEach
  void rest() {
    workers.shutdownNow();
  }

  private String url() {
    return server.getJdbcUrl("postgres", name);
  }

  private Database open(Schema schema) {
    return Database.open(url(), "postgres", "", true, schema);
  }

  private Database openAsGuest(boolean migrate, Schema schema) {
    var url = server.getJdbcUrl(GuestRole.NAME, name);
    return Database.open(url, GuestRole.NAME, "", migrate, schema);
  }

  private int version() throws SQLException {
    try (var connection = connect();
        var rows =
            connection
                .createStatement()
                .executeQuery("select coalesce(max(version), 0) from schema_version")) {
      rows.next();
      return rows.getInt(1);
    }
  }

  private Connection connect() throws SQLException {
    return server.getDatabase("postgres", name).getConnection();
  }

  @RepeatedTest(3)
  void ofSeveralProgramsThatFindADatabaseEmptyAtOnceOneMakesTheTables() throws Exception {
    var programs = 4;
    var together = new CyclicBarrier(programs);
    var starts = new ArrayList<Callable<Migrated>>();
    for (int n = 0; n < programs; n++) {
      starts.add(
          () -> {
            together.await();
            return Database.migrate(url(), "postgres", "");
          });
    }
    var done = new ArrayList<Migrated>();
    for (var start : workers.invokeAll(starts)) {
      done.add(start.get());
    }

    assertThat(done).containsOnlyOnce(new Migrated(0, KNOWN));
    assertThat(done).extracting(Migrated::to).containsOnly(KNOWN);
  }

  @Test
  void aUserWhoMayOnlyReadAndWriteRowsOpensTablesThatAreUpToDate() {
    open(Schema.OURS).close();

    openAsGuest(true, Schema.OURS).close();
    openAsGuest(false, Schema.OURS).close();
  }

  @Test
  void aUserWhoMayNotChangeTablesIsToldWhoMustDoIt() throws SQLException {
    open(Schema.OURS).close();

    assertThatThrownBy(() -> openAsGuest(true, NextSchema.FIT))
        .isInstanceOf(LedgerException.class)
        .hasMessageContaining("have version %d, this program needs %d", KNOWN, KNOWN + 1)
        .hasMessageContaining("run `klingdrop migrate` as the user they belong to")
        .hasMessageEndingWith("Nothing was changed.");

    assertThat(version()).isEqualTo(KNOWN);
  }

  @Test
  void olderTablesStayAsTheyAreWhereNobodyIsToChangeThem() throws SQLException {
    open(Schema.OURS).close();

    assertThatThrownBy(() -> Database.open(url(), "postgres", "", false, NextSchema.FIT))
        .isInstanceOf(LedgerException.class)
        .hasMessageContaining("have version %d, this program needs %d", KNOWN, KNOWN + 1)
        .hasMessageContaining("klingdrop.db.migrate is off: run `klingdrop migrate`");

    assertThat(version()).isEqualTo(KNOWN);
  }

  @Test
  void anEmptyDatabaseStaysEmptyWhereNobodyIsToChangeIt() throws SQLException {
    assertThatThrownBy(() -> Database.open(url(), "postgres", "", false))
        .isInstanceOf(LedgerException.class)
        .hasMessageContaining("no tables that can be seen")
        .hasMessageContaining("run `klingdrop migrate`");

    assertThatThrownBy(this::version).hasMessageContaining("does not exist");
  }

  @Test
  void aFileThatIsNotThereIsNotMadeWhereNobodyIsToChangeTables(@TempDir Path folder) {
    var file = folder.resolve("data/ledger.db");

    assertThatThrownBy(() -> Database.open("jdbc:sqlite:" + file, "", "", false))
        .isInstanceOf(LedgerException.class)
        .hasMessageContaining("run `klingdrop migrate`");
    assertThat(file).doesNotExist();
    assertThat(file.getParent()).doesNotExist();

    assertThat(Database.migrate("jdbc:sqlite:" + file, "", "")).isEqualTo(new Migrated(0, KNOWN));
    Database.open("jdbc:sqlite:" + file, "", "", false).close();
  }

  @Test
  void aProgramThatTheNewerTablesDoNotSuitIsToldWhichJarDoes() throws SQLException {
    try (var database = open(NextSchema.UNFIT)) {
      database.update("update schema_reader set program = 'klingdrop 7.8.9'");
    }

    for (var migrate : new boolean[] {true, false}) {
      assertThatThrownBy(() -> Database.open(url(), "postgres", "", migrate))
          .isInstanceOf(LedgerException.class)
          .hasMessageContaining("version %d", KNOWN + 1)
          .hasMessageContaining("this one knows %d", KNOWN)
          .hasMessageContaining("use a newer klingdrop.jar, klingdrop 7.8.9 brought them up to");
    }
    assertThatThrownBy(() -> Database.migrate(url(), "postgres", ""))
        .hasMessageContaining("use a newer klingdrop.jar");
  }

  @Test
  void aProgramThatTheNewerTablesSuitLeavesThemAsTheyAre() throws SQLException {
    open(NextSchema.FIT).close();

    assertThat(Database.migrate(url(), "postgres", ""))
        .isEqualTo(new Migrated(KNOWN + 1, KNOWN + 1));

    assertThat(version()).isEqualTo(KNOWN + 1);
  }

  @Test
  void aNewerProgramMakesItsTablesWhileThisOneWorksAndBothWorkOnSideBySide() throws Exception {
    try (var present = open(Schema.OURS)) {
      var lives = new AtomicInteger();
      var enough = new AtomicBoolean();
      var work =
          workers.submit(
              () -> {
                while (!enough.get()) {
                  new LedgerLife(present, present).of("job" + lives.incrementAndGet());
                }
                return lives.get();
              });
      // so often that the driver has learned its statements, if it does that
      Patience.await().until(() -> work.isDone() || lives.get() > 8);

      try (var next = open(NextSchema.FIT)) {
        var before = lives.get();
        Patience.await().until(() -> work.isDone() || lives.get() > before + 8);
        enough.set(true);
        assertThat(work.get()).isGreaterThan(before + 8);

        new LedgerLife(present, next).of("begun-by-this-one");
        new LedgerLife(next, present).of("begun-by-the-next");
      }
    }
  }

  @Test
  void aLongReadOfTheTablesKeepsAMigrationBackAndNobodyElse() throws Exception {
    try (var present = open(Schema.OURS);
        var dump = connect()) {
      dump.setAutoCommit(false);
      dump.createStatement().executeQuery("select count(*) from job").close();
      var migration = workers.submit(() -> open(NextSchema.FIT));
      Patience.await()
          .until(
              () ->
                  present.number(
                          "select count(*) from pg_stat_activity where datname ="
                              + " current_database() and wait_event_type = 'Lock' and query like"
                              + " 'lock table job%'")
                      > 0);

      var life = workers.submit(() -> new LedgerLife(present, present).of("a"));
      life.get(Patience.LONG.toSeconds(), TimeUnit.SECONDS);
      assertThat(migration.isDone()).isFalse();
      dump.rollback();

      migration.get().close();
      assertThat(version()).isEqualTo(KNOWN + 1);
    }
  }

  @Test
  void aChangeThatTakesLongIsWaitedForHoweverShortAnswersAreWaitedFor() throws SQLException {
    var slow =
        new Schema(List.of("slow"), script -> NextSchema.slow(Duration.ofMillis(1_500)) + READERS);

    Database.open(url() + "&socketTimeout=1", "postgres", "", true, slow).close();

    assertThat(version()).isEqualTo(1);
  }

  @Test
  void aServerThatIsNotThereIsToldInWords() {
    assertThatThrownBy(
            () -> Database.open("jdbc:postgresql://127.0.0.1:1/klingdrop?ssl=false", "me", "pw"))
        .isInstanceOf(LedgerException.class)
        .hasMessageContaining("the database jdbc:postgresql://127.0.0.1:1/klingdrop cannot be")
        .hasMessageContaining("Check klingdrop.db.url");
  }
}
