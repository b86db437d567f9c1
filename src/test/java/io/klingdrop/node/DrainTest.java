package io.klingdrop.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.klingdrop.ledger.Database;
import io.klingdrop.ledger.Holder;
import io.klingdrop.ledger.NodeId;
import io.klingdrop.ledger.NodeRow;
import io.klingdrop.ledger.NodeRow.State;
import io.klingdrop.ledger.NodeRows;
import io.klingdrop.testing.Patience;
import io.klingdrop.testing.SettableTime;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node that is asked to give everything away, by a clock that a test turns. */
class DrainTest {
  private static final Duration LEASE = Duration.ofSeconds(30);

  /** Far less than a third of the lease, so that no beat of its own comes in between. */
  private static final Duration SECOND = Duration.ofSeconds(1);

  @TempDir private Path folder;
  private final SettableTime time = SettableTime.standing(Instant.parse("2026-11-21T10:00:00Z"));
  private final List<AutoCloseable> open = new ArrayList<>();
  private Database database;
  private NodeRows rows;

  @AfterEach
  void close() throws Exception {
    for (var one : open) {
      one.close();
    }
    database.close();
  }

  private Membership node(String name) {
    if (rows == null) {
      database = Database.open("jdbc:sqlite:" + folder.resolve("ledger"), "", "");
      rows = new NodeRows(database, time);
    }
    assertThat(rows.arrive(name, name, "1", LEASE)).isEmpty();
    var holder = Holder.renewing(new NodeId(name), LEASE);
    var node = Membership.among(rows, holder, name, LEASE, List.of("kie"), time);
    open.add(node);
    node.start(() -> {});
    return node;
  }

  private NodeRow row(String name) {
    return rows.all().stream().filter(one -> one.name().equals(name)).findFirst().orElseThrow();
  }

  /** Lets a second pass, and waits for what then is to be. */
  private void after(Callable<Boolean> condition) {
    time.turn(SECOND);
    Patience.await().until(condition);
  }

  @Test
  void itsLanesAreGivenBackWithinASecondAndTakenByAnotherOneInTheNext() {
    var first = node("a");
    var second = node("b");
    assertThat(first.owns("kie")).isTrue();

    assertThat(rows.drain("a")).isTrue();
    after(() -> row("a").state() == State.DRAINED);

    assertThat(first.owns("kie")).isFalse();
    assertThat(first.draining()).isTrue();
    assertThat(first.mayClaim()).isFalse();
    if (!second.owns("kie")) {
      // unless it looked after the first had given it away
      after(() -> second.owns("kie"));
    }
    assertThat(second.fence("kie").epoch()).isEqualTo(2);
  }

  @Test
  void itIsDrainedWhenWhatItHadInHandIsDone() {
    var node = node("a");
    node.holder().begins("a video");
    rows.drain("a");
    after(() -> node.state() == State.DRAINING);
    assertThat(node.owns("kie")).isFalse();
    assertThat(row("a").state()).isEqualTo(State.DRAINING);

    node.holder().ends("a video");
    after(() -> row("a").state() == State.DRAINED);
  }

  @Test
  void whatOneNodeDoesAtATimeIsDoneByAnotherWithinSeconds() {
    var first = node("a");
    var second = node("b");
    assertThat(first.does("scan:inbox")).isFalse();
    after(() -> first.does("scan:inbox"));
    assertThat(second.does("scan:inbox")).isFalse();
    after(() -> rows.asked("b", "b").given().isEmpty());
    assertThat(second.does("scan:inbox")).isFalse();

    first.close();
    after(() -> second.does("scan:inbox"));
  }

  @Test
  void askedAgainItTakesItsShare() {
    var node = node("a");
    rows.drain("a");
    after(() -> node.state() == State.DRAINED);

    assertThat(rows.undrain("a")).isTrue();
    after(() -> node.owns("kie"));
    assertThat(node.mayClaim()).isTrue();
  }

  @Test
  void oneThatStopsSoonKeepsWhatItHasAndTakesNothingMore() {
    var first = node("a");
    var second = node("b");
    second.leavesSoon();
    first.close();
    time.turn(SECOND);
    time.turn(LEASE.dividedBy(3));
    Patience.await().until(() -> row("b").silent().isZero());

    assertThat(rows.owner("kie")).isEmpty();
    assertThat(second.mayClaim()).isFalse();
  }
}
