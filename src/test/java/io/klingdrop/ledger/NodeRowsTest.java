package io.klingdrop.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.klingdrop.budget.BudgetCaps;
import io.klingdrop.job.Job;
import io.klingdrop.job.JobState;
import io.klingdrop.ledger.NodeRow.State;
import io.klingdrop.ledger.NodeRows.Share;
import io.klingdrop.ledger.NodeRows.Wish;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who owns what among several nodes, by a clock that a test turns. */
class NodeRowsTest {
  private static final Duration LEASE = Duration.ofSeconds(10);
  private static final List<String> FIVE = List.of("a", "b", "c", "d", "e");

  private final Database database = Database.open("jdbc:sqlite::memory:", "", "");
  private final Map<String, Holder> holders = new HashMap<>();
  private Instant now = Instant.parse("2026-11-21T10:00:00Z");
  private final NodeRows rows = new NodeRows(database, () -> now);
  private final NewJobs newJobs = new NewJobs(database, () -> now);
  private final JobQueries queries = new JobQueries(database);

  @AfterEach
  void close() {
    database.close();
  }

  private Holder holder(String name) {
    return holders.computeIfAbsent(name, unknown -> Holder.renewing(new NodeId(unknown), LEASE));
  }

  private void arrive(String... names) {
    for (var name : names) {
      assertThat(rows.arrive(name, "home of " + name, "1", LEASE)).isEmpty();
    }
  }

  private Share beat(String name, List<String> accounts, String... leases) {
    var idle = holder(name).inHand() == 0;
    return rows.beat(
            holder(name), "home of " + name, LEASE, new Wish(accounts, Set.of(leases), idle))
        .orElseThrow();
  }

  private JobClaims claims(String name) {
    return new JobClaims(database, holder(name), () -> now);
  }

  private void pass(Duration time) {
    now = now.plus(time);
  }

  private Job ready(String name) {
    var job =
        Job.claimed(
            name,
            new Job.Origin("avatar", "", name),
            new Job.Goal("kie", "model"),
            "/home",
            now,
            List.of());
    return newJobs.checked(
        newJobs.claimed(job, List.of(), null), "{}", name, null, null, List.of());
  }

  private List<Job> claim(String node, JobState state) {
    return claims(node).claimDue(Due.in(Set.of(state), 5), Duration.ofHours(1));
  }

  @Test
  void accountsAreSpreadAndEachHasOneOwner() {
    arrive("x", "y");
    var first = beat("x", FIVE).lanes().keySet();
    var second = beat("y", FIVE).lanes().keySet();

    assertThat(first).hasSize(3);
    assertThat(second).hasSize(2).doesNotContainAnyElementsOf(first);

    arrive("z");
    beat("z", FIVE);
    var all = new TreeSet<String>();
    for (int round = 0; round < 2; round++) {
      all.clear();
      for (var node : List.of("x", "y", "z")) {
        var own = beat(node, FIVE).lanes().keySet();
        assertThat(own).hasSizeLessThanOrEqualTo(2);
        all.addAll(own);
      }
    }
    assertThat(all).containsExactlyElementsOf(FIVE);
  }

  @Test
  void aSilentNodeLosesItsAccountsOnceItsLeaseIsOverAndTheNextOwnerHasAnotherEpoch() {
    arrive("x", "y");
    assertThat(beat("x", List.of("kie")).lanes()).containsEntry("kie", 1L);
    pass(LEASE.minusMillis(1));
    assertThat(beat("y", List.of("kie")).lanes()).isEmpty();
    assertThat(rows.owner("kie")).contains("x");
    pass(Duration.ofMillis(1));
    assertThat(beat("y", List.of("kie")).lanes()).containsEntry("kie", 2L);

    assertThat(beat("x", List.of("kie")).lanes()).as("it slept").isEmpty();
    assertThat(rows.owner("kie")).contains("y");
  }

  @Test
  void aNodeTakesOnlyAccountsItCanUse() {
    arrive("x");
    beat("x", List.of("kie", "comet"));
    rows.depart("x", "home of x");
    arrive("y");
    assertThat(beat("y", List.of("comet")).lanes()).containsOnlyKeys("comet");
  }

  @Test
  void aNameIsOneLivingNodes() {
    arrive("x");
    assertThat(rows.arrive("x", "another home", "1", LEASE))
        .hasValueSatisfying(why -> assertThat(why).contains("x", "klingdrop.node.name"));
    arrive("x");
    pass(LEASE);
    assertThat(rows.arrive("x", "another home", "1", LEASE)).isEmpty();

    assertThat(rows.beat(holder("x"), "home of x", LEASE, new Wish(List.of(), Set.of(), true)))
        .as("the first has no place any more")
        .isEmpty();
  }

  @Test
  void aNodeThatStartsAnewHasNothingOfItsFormerRun() {
    arrive("x");
    beat("x", FIVE, "scan:inbox");
    ready("one");
    assertThat(claim("x", JobState.READY)).hasSize(1);
    arrive("x", "y");

    assertThat(beat("y", FIVE).lanes()).isNotEmpty();
    assertThat(claim("y", JobState.READY)).hasSize(1);
  }

  @Test
  void whatOneDoesAloneIsOneNodesAndGoesOnWithAnother() {
    arrive("x", "y");
    assertThat(beat("x", FIVE, "scan:inbox", "chore:purge").leases())
        .containsExactlyInAnyOrder("scan:inbox", "chore:purge");
    assertThat(beat("y", FIVE, "scan:inbox").leases()).isEmpty();
    pass(Duration.ofSeconds(5));
    assertThat(beat("x", FIVE, "scan:inbox").leases()).containsExactly("scan:inbox");
    pass(Duration.ofSeconds(5));
    assertThat(beat("y", FIVE, "scan:inbox", "chore:purge").leases())
        .as("what it asks for no more runs out")
        .containsExactly("chore:purge");
    rows.depart("x", "home of x");
    assertThat(beat("y", FIVE, "scan:inbox").leases()).containsExactly("scan:inbox");
  }

  @Test
  void aDrainedNodeGivesAllAwayAndSaysWhenItHasNothingLeft() {
    arrive("x", "y");
    beat("x", FIVE, "scan:inbox");
    var job = new Object();
    holder("x").begins(job);
    assertThat(rows.drain("x")).isTrue();
    assertThat(rows.drain("nobody")).isFalse();

    var share = beat("x", FIVE, "scan:inbox");
    assertThat(share.state()).isEqualTo(State.DRAINING);
    assertThat(share.lanes()).isEmpty();
    assertThat(beat("y", FIVE, "scan:inbox").lanes()).hasSize(5);

    holder("x").ends(job);
    assertThat(beat("x", FIVE).state()).isEqualTo(State.DRAINED);
    assertThat(rows.all()).extracting(NodeRow::state).containsExactly(State.DRAINED, State.UP);
    assertThat(rows.undrain("x")).isTrue();
    assertThat(beat("x", FIVE).state()).isEqualTo(State.UP);
  }

  @Test
  void onlyWorkTheNodeKnowsItHasIsRenewed() {
    arrive("x", "y");
    ready("known");
    ready("unknown");
    var claimed = claim("x", JobState.READY);
    claimed.stream().filter(job -> job.id().equals("known")).forEach(holder("x")::begins);
    pass(Duration.ofSeconds(9));
    beat("x", List.of());
    pass(Duration.ofSeconds(2));

    assertThat(claim("y", JobState.READY)).extracting(Job::id).containsExactly("unknown");
    pass(Duration.ofSeconds(9));
    assertThat(claim("y", JobState.READY)).extracting(Job::id).contains("known");
  }

  @Test
  void whoSleptPastItsLeaseChangesNothingAnyMore() {
    arrive("x", "y");
    ready("one");
    var mine = claim("x", JobState.READY).get(0);
    pass(LEASE.plusMillis(1));
    var theirs = claim("y", JobState.READY).get(0);
    var gate = new SpendingGate(database, () -> now);

    assertThatThrownBy(() -> gate.submitting(mine, BudgetCaps.NONE))
        .isInstanceOf(StaleJobException.class);
    claims("x").giveBack("one", now);
    assertThat(gate.submitting(theirs, BudgetCaps.NONE).state()).isEqualTo(JobState.SUBMITTING);
  }

  @Test
  void aTaskIsCreatedByTheOwnerOfItsAccountOnly() {
    arrive("x", "y");
    var epoch = beat("x", List.of("kie")).lanes().get("kie");
    var job = ready("one");
    var gate = new SpendingGate(database, () -> now);
    var fence = new LaneFence("kie", "x", epoch);
    for (var wrong : List.of(new LaneFence("kie", "y", epoch), new LaneFence("kie", "x", 7))) {
      assertThatThrownBy(() -> gate.submitting(job, BudgetCaps.NONE, wrong))
          .isInstanceOf(LaneLostException.class);
    }
    assertThat(queries.job("one")).contains(job);
    pass(LEASE);
    assertThatThrownBy(() -> gate.submitting(job, BudgetCaps.NONE, fence))
        .as("its lease is over")
        .isInstanceOf(LaneLostException.class);
    beat("y", List.of());
    var again = beat("x", List.of("kie")).lanes().get("kie");
    assertThat(gate.submitting(job, BudgetCaps.NONE, new LaneFence("kie", "x", again)).state())
        .isEqualTo(JobState.SUBMITTING);
  }

  @Test
  void aPaidStepThatIsLeftInTheMiddleIsSeenAfterItsLeaseAndTheLengthOfACall() {
    arrive("x", "y");
    ready("one");
    var job = claim("x", JobState.READY).get(0);
    new SpendingGate(database, () -> now).submitting(job, BudgetCaps.NONE);
    var call = Duration.ofSeconds(60);
    pass(LEASE.plus(call));
    assertThat(claims("y").abandoned("kie", call)).isEmpty();
    pass(Duration.ofMillis(1));
    assertThat(claims("y").abandoned("kie", call)).hasSize(1);
    assertThat(claims("y").abandoned("comet", call)).isEmpty();
    assertThat(claims("y").unfinished()).as("it is not its own").isEmpty();
    assertThat(claims("x").unfinished()).hasSize(1);
    holder("x").begins(job);
    assertThat(claims("x").abandoned("kie", call)).as("its own worker is at it").isEmpty();
  }

  @Test
  void shipmentsAndOutcomesHaveLeasesOfTheSameKind() {
    var seen = new HashSet<String>();
    for (var table : List.of("job", "shipment", "outcome")) {
      seen.addAll(holder("x").keys(table));
    }
    assertThat(seen).isEmpty();
    arrive("x");
    ready("one");
    var shipments = new Shipments(database, holder("x"), () -> now);
    database.update("update job set state = 'FETCHED' where id = 'one'");
    shipments.open(queries.job("one").orElseThrow(), List.of("file"), now);
    var shipment = shipments.claimDue("file", 1, Duration.ofHours(1)).get(0);
    holder("x").begins(shipment);
    pass(Duration.ofSeconds(9));
    beat("x", List.of());
    pass(Duration.ofSeconds(2));
    assertThat(shipments.claimDue("file", 1, LEASE)).isEmpty();
    holder("x").ends(shipment);
    pass(LEASE);
    var again = shipments.claimDue("file", 1, LEASE).get(0);
    assertThatThrownBy(() -> shipments.later(shipment, "slept", now))
        .isInstanceOf(StaleJobException.class);
    assertThat(shipments.arrived(again).state()).isEqualTo(JobState.DELIVERED);
  }
}
