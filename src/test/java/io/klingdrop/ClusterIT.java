package io.klingdrop;

import static org.assertj.core.api.Assertions.assertThat;

import io.klingdrop.job.JobState;
import io.klingdrop.testing.ClusterSite;
import io.klingdrop.testing.PostgresServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Several nodes at one PostgreSQL ledger that die, stand still, lose their database and are stopped
 * while they work: no task twice, none forgotten, no file lost, no output half, and never more
 * calls than the account allows, whoever makes them.
 */
class ClusterIT {
  private static final Duration LEASE = Duration.ofSeconds(3);
  private static final List<String> NAMES = List.of("anna", "bela", "cleo");

  @TempDir private static Path temp;
  private static PostgresServer server;

  @BeforeAll
  static void open() throws Exception {
    server = new PostgresServer(temp);
  }

  @AfterAll
  static void close() throws Exception {
    server.close();
  }

  private static ClusterSite site() throws Exception {
    return new ClusterSite(temp, server, LEASE).set("klingdrop.submit.timeout", "3s");
  }

  @Test
  void nodesThatBeginAtOnceAtAnEmptyDatabaseShareTheWork() throws Exception {
    try (var site = site()) {
      site.drop(12);
      site.startAll(NAMES);
      var jobs = site.finish();
      assertThat(jobs).allMatch(job -> job.state() == JobState.DELIVERED);
      assertThat(site.kie().accepted()).hasSize(12);
    }
  }

  /** Each pair of points: where the owner of the lane halts, and where the next one dies then. */
  @ParameterizedTest
  @CsvSource({
    "submit.before-submitting, submit.submitting-committed",
    "submit.submitting-committed, submit.create-task-answered",
    "submit.create-task-answered, submit.note-written"
  })
  void anOwnerHaltsAndTheNextOneDiesInThePaidStep(String halts, String dies) throws Exception {
    try (var site = site()) {
      var first = site.node(NAMES.get(0)).start("halt@" + halts);
      var second = site.node(NAMES.get(1)).start(dies);
      var third = site.node(NAMES.get(2)).start();
      for (var node : List.of(first, second, third)) {
        node.awaitReady();
      }
      site.giveLane(first.name());
      site.drop(4);
      first.awaitHalt();
      site.tell("%s halted at %s", first.name(), halts);
      site.giveLane(second.name());
      second.awaitDeath();
      site.tell("%s died at %s", second.name(), dies);
      site.awaitSettled();
      first.goOn();
      site.awaitBeat(first.name());
      second.start().awaitReady();
      site.drop(2);
      site.finish();
    }
  }

  @Test
  void connectionsAreCutAndTheServerIsStartedAnewUnderLoad() throws Exception {
    try (var site = site()) {
      site.startAll(NAMES);
      site.drop(12);
      for (int tasks = 2; tasks <= 6; tasks += 2) {
        site.awaitAccepted(tasks);
        site.cutConnections();
      }
      site.awaitAccepted(8);
      server.stop();
      site.tell("the server is stopped");
      server.start();
      site.tell("the server is started");
      site.finish();
    }
  }

  /** The lease is long, so that what moves was given away. */
  @Test
  void aNodeThatIsStoppedGivesAwayAllItHas() throws Exception {
    try (var site = new ClusterSite(temp, server, Duration.ofSeconds(30))) {
      site.startAll(NAMES);
      site.drop(9);
      for (int tasks = 2; tasks <= 4; tasks += 2) {
        site.awaitAccepted(tasks);
        var owner = site.node(site.awaitOwner());
        owner.terminate();
        assertThat(owner.exitCode()).as(owner.printed()).isIn(0, 143);
        site.tell("%s stopped", owner.name());
        assertThat(site.held(owner.name())).as("what %s still has", owner.name()).isEmpty();
      }
      assertThat(site.finish()).allMatch(job -> job.state() == JobState.DELIVERED);
    }
  }
}
