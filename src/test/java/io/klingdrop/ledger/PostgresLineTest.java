package io.klingdrop.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.klingdrop.budget.BudgetCaps;
import io.klingdrop.job.Job;
import io.klingdrop.job.JobState;
import io.klingdrop.testing.CutLine;
import io.klingdrop.testing.Patience;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The line to a real PostgreSQL breaks. */
class PostgresLineTest {
  private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
  private static final Duration LEASE = Duration.ofMinutes(30);

  private static EmbeddedPostgres server;
  private static int databases;
  private String name = "";
  private CutLine line;
  private Database database;

  @BeforeAll
  static void start() throws IOException {
    server = EmbeddedPostgres.builder().start();
  }

  @AfterAll
  static void stop() throws IOException {
    server.close();
  }

  @BeforeEach
  void connect() throws IOException, SQLException {
    name = "line" + databases++;
    try (var connection = server.getPostgresDatabase().getConnection();
        var statement = connection.createStatement()) {
      statement.execute("create database " + name);
    }
    line = new CutLine(server.getPort());
    database = open();
  }

  private Database open() {
    var url = "jdbc:postgresql://127.0.0.1:%d/%s?prepareThreshold=0".formatted(line.port(), name);
    return Database.open(url, "postgres", "postgres");
  }

  @AfterEach
  void disconnect() throws IOException {
    database.close();
    line.close();
  }

  private Job ready() {
    var jobs = new NewJobs(database, () -> NOW);
    var job =
        Job.claimed(
            "kd1",
            new Job.Origin("avatar", "", "host"),
            new Job.Goal("kie", "model"),
            "/home/host",
            NOW,
            List.of());
    return jobs.checked(jobs.claimed(job, List.of(), null), "{}", "key", null, null, List.of());
  }

  private List<Job> claim() {
    return new JobClaims(database, Holder.alone(new NodeId("me")), () -> NOW)
        .claimDue(new Due(Set.of(JobState.READY), "", Set.of(), false, 5), LEASE);
  }

  @Test
  void aClaimThatWasWrittenIsHadThoughItsAnswerWasCutOff() {
    ready();
    line.cutAt("COMMIT", true, false);

    assertThat(claim()).extracting(Job::id).containsExactly("kd1");

    assertThat(line.wasCut()).isTrue();
    assertThat(claim()).as("it is nobody else's").isEmpty();
  }

  @Test
  void aClaimThatNeverArrivedIsRefusedAndMadeAnew() {
    ready();
    line.cutAt("COMMIT", false, false);

    assertThatThrownBy(this::claim).isInstanceOf(LedgerException.class);

    assertThat(line.wasCut()).isTrue();
    assertThat(claim()).extracting(Job::id).containsExactly("kd1");
  }

  @Test
  void aServerThatIsAwayIsAskedUntilItIsBack() throws Exception {
    var job = ready();
    line.cutAt("COMMIT", true, true);
    var worker = Executors.newSingleThreadExecutor();
    try {
      Future<Job> submitting =
          worker.submit(
              () -> new SpendingGate(database, () -> NOW).submitting(job, BudgetCaps.NONE));
      Patience.await().until(line::wasCut);
      line.mend();

      assertThat(submitting.get().state()).isEqualTo(JobState.SUBMITTING);
    } finally {
      worker.shutdownNow();
    }
  }

  @Test
  void aBeatDoesNotWaitForAServerThatIsAway() {
    var beats = database.apart();
    line.cutAt("COMMIT", true, true);

    assertThatThrownBy(() -> beats.update("create table beaten (at bigint)"))
        .isInstanceOf(LedgerException.class);

    assertThat(line.wasCut()).isTrue();
  }

  @Test
  void whoStandsStillInATransactionKeepsNoRowFromOthers() throws Exception {
    ready();
    var held = new CountDownLatch(1);
    var goOn = new CountDownLatch(1);
    var worker = Executors.newSingleThreadExecutor();
    try (var other = Database.open(server.getJdbcUrl("postgres", name), "postgres", "postgres")) {
      var change = "update job set attempts = attempts + 1";
      var stands =
          worker.submit(
              () ->
                  other.transaction(
                      tx -> {
                        tx.update(change);
                        held.countDown();
                        Patience.await().until(() -> goOn.getCount() == 0);
                        return tx.update(change);
                      }));
      held.await();

      assertThat(database.update(change)).isEqualTo(1);

      goOn.countDown();
      assertThatThrownBy(stands::get).hasCauseInstanceOf(LedgerException.class);
      assertThat(database.number("select attempts from job")).isEqualTo(1);
    } finally {
      worker.shutdownNow();
    }
  }

  @Test
  void aServerThatTookOverAndNeverHadTheTransactionHasNotWrittenIt() {
    var config = new HikariConfig();
    config.setJdbcUrl(server.getJdbcUrl("postgres", name));
    config.setUsername("postgres");
    try (var pool = new HikariDataSource(config)) {
      assertThat(Commit.committed(pool, "1099511627776", new SQLException("cut off"))).isFalse();
    }
  }
}
