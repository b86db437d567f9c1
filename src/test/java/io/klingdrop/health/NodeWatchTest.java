package io.klingdrop.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.klingdrop.health.HealthReport.Check;
import io.klingdrop.ledger.Database;
import io.klingdrop.ledger.Holder;
import io.klingdrop.ledger.NodeId;
import io.klingdrop.ledger.NodeRow.State;
import io.klingdrop.ledger.NodeRows;
import io.klingdrop.ledger.NodeRows.Wish;
import io.klingdrop.ledger.Whereabouts;
import io.klingdrop.node.Membership;
import io.klingdrop.testing.Patience;
import io.klingdrop.testing.SettableTime;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the health of a node says, by a clock that a test turns. */
class NodeWatchTest {
  private static final Duration LEASE = Duration.ofSeconds(30);

  @TempDir private Path folder;
  private final SettableTime time = SettableTime.standing(Instant.parse("2026-11-21T10:00:00Z"));
  private Database database;
  private NodeRows rows;
  private Membership node;

  @BeforeEach
  void open() {
    database = Database.open("jdbc:sqlite:" + folder.resolve("ledger"), "", "");
    rows = new NodeRows(database, time);
  }

  @AfterEach
  void close() {
    node.close();
    database.close();
  }

  private NodeWatch watch(String... usable) {
    assertThat(rows.arrive("me", "me", "1", LEASE)).isEmpty();
    var holder = Holder.renewing(new NodeId("me"), LEASE);
    node = Membership.among(rows, holder, "me", LEASE, List.of(usable), time);
    node.start(() -> {});
    return new NodeWatch(node, new Whereabouts(database, time), Set.of("kie"), LEASE);
  }

  /** Another node that owns the account. */
  private void another() {
    assertThat(rows.arrive("other", "other", "1", LEASE)).isEmpty();
    var wish = new Wish(List.of("kie"), List.of(), true);
    rows.beat(Holder.renewing(new NodeId("other"), LEASE), "other", LEASE, wish).orElseThrow();
  }

  @Test
  void aNodeWithAnAccountNamesIt() {
    assertThat(watch("kie").check()).contains(new Check("node", true, "node me owns kie"));
  }

  @Test
  void aNodeWithoutOneIsReadyForItWorksOnFiles() {
    another();
    var watch = watch("kie");
    watch.look(time.instant());

    assertThat(watch.check())
        .contains(new Check("node", true, "node me owns no account, and works on files"));
  }

  @Test
  void aNodeThatGivesEverythingAwayIsNotReady() {
    var watch = watch("kie");
    rows.drain("me");
    time.turn(Duration.ofSeconds(1));
    Patience.await().until(() -> node.state() == State.DRAINED);

    assertThat(watch.check().orElseThrow().well()).isFalse();
    assertThat(watch.check().orElseThrow().said()).contains("as a person asked");
  }

  @Test
  void aNodeWithoutItsDatabaseIsNotReadyAndSaysSo() {
    var watch = watch("kie");
    database.close();
    time.turn(LEASE);

    assertThat(watch.check())
        .contains(
            new Check(
                "node",
                false,
                "node me: the database has not answered for 30 s; nothing is taken up or sent"));
  }

  @Test
  void anAccountThatNobodyOwnsForLongerThanTwoLeasesIsTold() {
    another();
    var watch = watch();
    rows.depart("other", "other");
    time.turn(LEASE.multipliedBy(3));
    Patience.await().until(() -> !node.cutOff());
    watch.look(time.instant());
    assertThat(watch.check().orElseThrow().said())
        .isEqualTo("node me owns no account, and works on files");
    time.turn(Duration.ofSeconds(5));
    watch.look(time.instant());

    var check = watch.check().orElseThrow();
    assertThat(check.said()).contains("no node has owned the account kie for 65 s: its jobs wait");
    assertThat(check.well()).as("this node does what it can").isTrue();
  }
}
