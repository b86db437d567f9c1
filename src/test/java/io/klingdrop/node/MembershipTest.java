package io.klingdrop.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.klingdrop.ledger.Database;
import io.klingdrop.ledger.Holder;
import io.klingdrop.ledger.LaneLostException;
import io.klingdrop.ledger.NodeId;
import io.klingdrop.ledger.NodeRows;
import io.klingdrop.testing.Patience;
import io.klingdrop.testing.SettableTime;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node that beats by a clock which a test turns. */
class MembershipTest {
  private static final Duration LEASE = Duration.ofSeconds(9);
  private static final Instant START = Instant.parse("2026-11-21T10:00:00Z");

  @TempDir private static Path folder;

  private final Database database =
      Database.open("jdbc:sqlite:" + folder.resolve("m" + System.nanoTime()), "", "");
  private final SettableTime time = SettableTime.standing(START);
  private final NodeRows rows = new NodeRows(database, time);
  private final AtomicInteger lost = new AtomicInteger();
  private final List<AutoCloseable> open = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    for (var one : open) {
      one.close();
    }
    database.close();
  }

  private Membership node(String name, SettableTime own) {
    assertThat(rows.arrive(name, name, "1", LEASE)).isEmpty();
    var holder = Holder.renewing(new NodeId(name), LEASE);
    var node = Membership.among(rows, holder, name, LEASE, List.of("kie"), own);
    open.add(node);
    return node;
  }

  @Test
  void whatABeatGaveHoldsUntilTheLeaseIsOverAndIsRenewedEveryThirdOfIt() {
    var gained = new CopyOnWriteArrayList<String>();
    var node = node("x", time);
    node.onLane(gained::add);
    assertThat(node.owns("kie")).isFalse();
    node.start(lost::incrementAndGet);
    assertThat(node.owns("kie")).isTrue();
    assertThat(node.owns("comet")).isFalse();
    assertThat(gained).containsExactly("kie");
    for (int third = 1; third <= 6; third++) {
      var before = time.instant();
      time.turn(LEASE.dividedBy(3));
      Patience.await().until(() -> beatsAfter(before));
    }
    assertThat(node.owns("kie")).isTrue();
    assertThat(node.fence("kie").epoch()).as("it never lost it").isEqualTo(1);
    assertThat(lost).hasValue(0);
  }

  private boolean lostAfterOneMoreThird(SettableTime own) {
    own.turn(LEASE.dividedBy(3));
    return lost.get() == 1;
  }

  private boolean beatsAfter(Instant moment) {
    return rows.all().get(0).silent().compareTo(Duration.between(moment, time.instant())) < 0;
  }

  @Test
  void aNodeThatCannotRenewOwnsNothingAnyMore() {
    var own = SettableTime.standing(START);
    var node = node("x", own);
    node.start(lost::incrementAndGet);
    assertThat(node.does("scan:inbox")).as("asked for with the next beat").isFalse();
    database.close();
    own.turn(LEASE.minusMillis(1));
    assertThat(node.owns("kie")).isTrue();
    assertThat(node.mayClaim()).isTrue();
    own.turn(Duration.ofMillis(1));

    assertThat(node.owns("kie")).isFalse();
    assertThat(node.mayClaim()).isFalse();
    assertThatThrownBy(() -> node.fence("kie")).isInstanceOf(LaneLostException.class);
    Patience.await().until(() -> lostAfterOneMoreThird(own));
  }

  @Test
  void aNodeWhoseNameAnotherHasTakenEnds() {
    var own = SettableTime.standing(START);
    var node = node("x", own);
    node.start(lost::incrementAndGet);
    time.turn(LEASE);
    assertThat(rows.arrive("x", "another home", "1", LEASE)).isEmpty();

    Patience.await().until(() -> lostAfterOneMoreThird(own));
    assertThat(node.owns("kie")).isFalse();
  }

  @Test
  void whoEndsInOrderGivesAllBackAtOnce() {
    var first = node("x", time);
    first.start(lost::incrementAndGet);
    var second = node("y", SettableTime.standing(START));
    second.start(lost::incrementAndGet);
    assertThat(second.owns("kie")).isFalse();
    first.close();
    var third = node("z", SettableTime.standing(START));
    third.start(lost::incrementAndGet);
    assertThat(third.owns("kie")).isTrue();
  }

  @Test
  void theOnlyNodeOfALedgerOwnsAllAndNeedsNoRight() {
    var node = Membership.alone(Holder.alone(new NodeId("x")), time);
    open.add(node);
    node.start(lost::incrementAndGet);
    assertThat(node.owns("kie")).isTrue();
    assertThat(node.does("scan:inbox")).isTrue();
    assertThat(node.mayClaim()).isTrue();
    assertThat(node.fence("kie")).isNull();
    assertThat(rows.all()).isEmpty();
  }

  @Test
  void aDataFolderKeepsItsId() throws IOException {
    var home = NodeHome.of(folder);
    assertThat(NodeHome.of(folder)).isEqualTo(home);
    assertThat(home.usualName()).endsWith("-" + home.id().substring(0, 4));
  }

  @Test
  void theTimeOfANodeFollowsTheDatabasesClock() {
    var shared = new SharedTime(time);
    shared.set(START.plusSeconds(600));
    assertThat(shared.instant()).isEqualTo(START.plusSeconds(600));
    time.turn(Duration.ofSeconds(10));
    assertThat(shared.instant()).isEqualTo(START.plusSeconds(610));
    shared.set(START.plusSeconds(610).plusMillis(150));
    assertThat(shared.ahead())
        .as("no more than the way of an answer")
        .isEqualTo(Duration.ofMinutes(10));
  }
}
