package io.klingdrop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.klingdrop.job.JobState;
import io.klingdrop.testing.Answers;
import io.klingdrop.testing.ClusterNode;
import io.klingdrop.testing.ClusterSite;
import io.klingdrop.testing.Endpoint;
import io.klingdrop.testing.Faults;
import io.klingdrop.testing.PostgresServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * The long form of {@link ClusterIT}: every point of the paid step, many jobs under many random
 * deaths and halts, clocks far apart, a database that stays away. Prints how long others took to
 * take over.
 */
@EnabledIfSystemProperty(
    named = "klingdrop.crash.long",
    matches = "true",
    disabledReason = "runs in -Plong")
class ClusterChaosIT {
  private static final Duration LEASE = Duration.ofSeconds(3);
  private static final List<String> NAMES = List.of("anna", "bela", "cleo");
  private static final Duration LONGEST = Duration.ofHours(2);

  /** Those a job passes that becomes a film, and the detours. */
  private static final List<String> POINTS =
      List.of(
          "submit.before-upload",
          "submit.uploaded",
          "submit.upload-kept",
          "submit.before-submitting",
          "submit.submitting-committed",
          "submit.create-task-answered",
          "submit.note-written",
          "submit.running-committed",
          "submit.note-forgotten",
          "submit.lanes-opened",
          "submit.upload-refused-committed",
          "submit.refused-committed",
          "submit.lost-committed");

  private static final Path FAKETIME =
      Path.of("/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1");

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
  void theOwnerDiesAtEveryPointOfThePaidStep() throws Exception {
    var took = new ArrayList<Duration>();
    everyPoint("", node -> node.awaitDeath(), took);
    print("kill -9 at a point", took);
  }

  @Test
  void theOwnerHaltsForHalfALeaseAtEveryPointOfThePaidStep() throws Exception {
    everyPoint("halt@", node -> halted(node, LEASE.dividedBy(2)), null);
  }

  @Test
  void theOwnerHaltsForTwoLeasesAtEveryPointOfThePaidStep() throws Exception {
    everyPoint("halt@", node -> halted(node, LEASE.multipliedBy(2)), null);
  }

  @Test
  void theOwnerHaltsForTenLeasesAtEveryPointOfThePaidStep() throws Exception {
    everyPoint("halt@", node -> halted(node, LEASE.multipliedBy(10)), null);
  }

  private interface Blow {
    void fall(ClusterNode node) throws Exception;
  }

  private static void halted(ClusterNode node, Duration time) throws Exception {
    node.awaitHalt();
    node.endedWithin(time);
    node.goOn();
  }

  private static void everyPoint(String how, Blow blow, @Nullable List<Duration> took)
      throws Exception {
    try (var site = site()) {
      site.startAll(NAMES.subList(1, 3));
      var first = site.node(NAMES.get(0));
      for (var point : POINTS) {
        first.start(how + point).awaitReady();
        site.giveLane(first.name());
        detour(site, point);
        site.drop(2);
        blow.fall(first);
        site.tell("%s %s %s", first.name(), how, point);
        if (took != null) {
          took.add(site.takenOverFrom(first.name()));
        }
        site.awaitSettled();
        site.assertNothingHalf();
        if (first.alive()) {
          first.terminate();
          assertThat(first.exitCode()).as(first.printed()).isIn(0, 143);
        }
      }
      site.finish();
    }
  }

  private static void detour(ClusterSite site, String point) {
    switch (point) {
      case "submit.upload-refused-committed" ->
          site.kie().on(Endpoint.UPLOAD).next(Answers.status(500));
      case "submit.refused-committed" ->
          site.kie().on(Endpoint.CREATE_TASK).next(Answers.envelope(500, "Server exception"));
      case "submit.lost-committed" ->
          site.kie().on(Endpoint.CREATE_TASK).next(Faults.acceptThenReset());
      default -> {
        // it is on the straight way
      }
    }
  }

  /** Another seed draws other moments. */
  @Test
  void manyJobsUnderRandomDeathsHaltsAndCutConnections() throws Exception {
    var jobs = Integer.getInteger("klingdrop.cluster.jobs", 1000);
    var random = new Random(Long.getLong("klingdrop.crash.seed", 11));
    var took = new ArrayList<Duration>();
    try (var site = site()) {
      site.startAll(NAMES);
      for (int dropped = 0; dropped < jobs || site.settled() < jobs; ) {
        var now = Math.min(jobs - dropped, random.nextInt(40));
        if (now > 0) {
          site.drop(now);
          dropped += now;
        }
        var node = site.node(NAMES.get(random.nextInt(NAMES.size())));
        var owned = site.owner().filter(node.name()::equals).isPresent();
        chaos(site, node, random, owned ? took : new ArrayList<>());
        site.assertNothingHalf();
      }
      site.awaitSettled(LONGEST);
      print("at random moments", took);
      var ended = site.finish();
      System.out.printf(
          "%d jobs, %d delivered, %d tasks paid%n",
          ended.size(),
          ended.stream().filter(job -> job.state() == JobState.DELIVERED).count(),
          site.kie().accepted().size());
    }
  }

  private static void chaos(ClusterSite site, ClusterNode node, Random random, List<Duration> took)
      throws Exception {
    var leases = LEASE.toMillis();
    switch (random.nextInt(6)) {
      case 0, 1 -> {
        node.kill();
        site.tell("%s killed", node.name());
        took.add(site.takenOverFrom(node.name()));
        node.start().awaitReady();
      }
      case 2, 3 -> {
        node.halt();
        node.endedWithin(Duration.ofMillis(random.nextLong(leases / 5, 4 * leases)));
        node.goOn();
        site.tell("%s was halted", node.name());
      }
      case 4 -> {
        node.terminate();
        node.exitCode();
        site.tell("%s stopped", node.name());
        took.add(site.takenOverFrom(node.name()));
        node.start().awaitReady();
      }
      default -> site.cutConnections();
    }
    node.endedWithin(Duration.ofMillis(random.nextLong(3 * leases)));
  }

  @Test
  void clocksTenMinutesApartChangeNothing() throws Exception {
    assumeTrue(Files.exists(FAKETIME), "there is no libfaketime here");
    try (var site = site()) {
      clock(site.node(NAMES.get(0)), "+10m");
      clock(site.node(NAMES.get(1)), "-10m");
      site.startAll(NAMES);
      for (int n = 0; n < 4; n++) {
        site.drop(4);
        site.awaitAccepted(4 * n + 1);
        var owner = site.node(site.awaitOwner());
        owner.kill();
        site.takenOverFrom(owner.name());
        owner.start().awaitReady();
      }
      site.finish();
    }
  }

  private static void clock(ClusterNode node, String difference) {
    node.set("LD_PRELOAD", FAKETIME.toString())
        .set("FAKETIME", difference)
        .set("FAKETIME_DONT_FAKE_MONOTONIC", "1")
        .set("DONT_FAKE_MONOTONIC", "1")
        .set("NO_FAKE_STAT", "1");
  }

  @Test
  void nodesEndWhenTheDatabaseStaysAwayAndGoOnWhenTheyAreStartedAnew() throws Exception {
    try (var site = site()) {
      site.startAll(NAMES);
      site.drop(12);
      site.awaitAccepted(4);
      server.stop();
      try {
        for (var name : NAMES) {
          assertThat(site.node(name).exitCode()).as(site.node(name).printed()).isEqualTo(3);
        }
      } finally {
        server.start();
      }
      site.startAll(NAMES);
      site.finish();
    }
  }

  private static void print(String what, List<Duration> took) {
    var sorted = took.stream().sorted().toList();
    if (!sorted.isEmpty()) {
      System.out.printf(
          "take-over, %s: %d times, p50 %d ms, p95 %d ms, longest %d ms%n",
          what,
          sorted.size(),
          sorted.get(sorted.size() / 2).toMillis(),
          sorted.get(sorted.size() * 95 / 100).toMillis(),
          sorted.get(sorted.size() - 1).toMillis());
    }
  }
}
