package io.klingdrop.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;
import static org.assertj.core.api.Assertions.tuple;

import io.klingdrop.budget.BudgetCaps;
import io.klingdrop.job.Attempt;
import io.klingdrop.job.BundleFile;
import io.klingdrop.job.Charged;
import io.klingdrop.job.ClosedLane;
import io.klingdrop.job.Failure;
import io.klingdrop.job.FailureClass;
import io.klingdrop.job.Job;
import io.klingdrop.job.JobEvent;
import io.klingdrop.job.JobId;
import io.klingdrop.job.JobState;
import io.klingdrop.job.ResultFile;
import io.klingdrop.job.Role;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** What the ledger promises on every database. */
abstract class LedgerContract {
  private static final Duration LEASE = Duration.ofMinutes(5);
  private static final Holder ME = Holder.alone(new NodeId("me"));

  private Instant now = Instant.parse("2026-11-21T10:00:00Z");
  private final InstantSource clock = () -> now;
  private Database database;
  private Ledger ledger;
  private NewJobs newJobs;
  private JobClaims claims;
  private SpendingGate gate;
  private JobQueries queries;

  /** Opens the database of this test, empty at first; may be called several times. */
  abstract Database open();

  /** The same for whoever may change its tables, and brings them up to date. */
  Database openAsOwner() {
    return open();
  }

  @BeforeEach
  void connect() {
    connectAgain();
  }

  private void connectAgain() {
    database = open();
    database.leasesBy(clock);
    ledger = new Ledger(database, clock);
    newJobs = new NewJobs(database, clock);
    claims = new JobClaims(database, ME, clock);
    gate = new SpendingGate(database, clock);
    queries = new JobQueries(database);
  }

  private Job submitting(Job job) {
    return gate.submitting(job, BudgetCaps.NONE);
  }

  @AfterEach
  void disconnect() {
    database.close();
  }

  private void pass(Duration time) {
    now = now.plus(time);
  }

  private Job claimed(String profile, String name) {
    var files =
        List.of(
            new BundleFile(Role.IMAGE, name + ".png", "aa", 10, false),
            new BundleFile(Role.AUDIO, name + ".wav", "bb", 20, false));
    var job =
        Job.claimed(
            JobId.make(now),
            new Job.Origin(profile, "sub", name),
            new Job.Goal("kie", "model"),
            "/home/" + name,
            now,
            files);
    return newJobs.claimed(job, List.of(), null);
  }

  private Job ready(String profile, String name) {
    return newJobs.checked(claimed(profile, name), "{}", "key-" + name, 3000L, 24.0, List.of());
  }

  private Job running(String name) {
    return ledger.accepted(submitting(ready("avatar", name)), "task-" + name, now);
  }

  private List<Job> due(int limit, JobState... states) {
    return claims.claimDue(Due.in(Set.of(states), limit), LEASE);
  }

  @Test
  void aJobGoesItsWholeWayAndTheTimelineTellsIt() {
    var generated = ledger.generated(running("a"), List.of("https://x/1", "https://x/2"), 8.0);
    var results =
        List.of(
            new ResultFile(1, "https://x/1", "1", "h1", 11, ".mp4", 3000L),
            new ResultFile(2, "https://x/2", "2", "h2", 12, ".mp4", null));
    var delivered = ledger.delivered(ledger.fetched(generated, results));

    assertThat(delivered.state()).isEqualTo(JobState.DELIVERED);
    assertThat(delivered.results()).isEqualTo(results);
    assertThat(delivered.cost().credits()).isEqualTo(8.0);
    assertThat(delivered.taskId()).isEqualTo("task-a");
    assertThat(delivered.files()).hasSize(2);
    assertThat(delivered.filed()).isFalse();
    assertThat(queries.history().timeline(delivered.id()).stream().map(event -> event.state()))
        .containsExactly(
            JobState.CLAIMED,
            JobState.READY,
            JobState.SUBMITTING,
            JobState.RUNNING,
            JobState.GENERATED,
            JobState.FETCHED,
            JobState.DELIVERED);
  }

  @Test
  void anIllegalMoveIsRefusedAndChangesNothing() {
    var running = running("a");
    assertThatThrownBy(() -> submitting(running)).isInstanceOf(LedgerException.class);
    assertThat(queries.job(running.id()).orElseThrow()).isEqualTo(running);
  }

  @Test
  void aJobWhoseCreateTaskIsUnderWayIsNobodysToGiveBack() {
    var submitting = submitting(ready("avatar", "a"));
    assertThat(claims.released(submitting, now.plusSeconds(15))).isEqualTo(submitting);
    assertThat(ledger.accepted(submitting, "task-a", now).taskId()).isEqualTo("task-a");
  }

  @Test
  void whoReadTheJobBeforeAnotherChangeIsRefused() {
    var before = ready("avatar", "a");
    submitting(before);
    assertThatThrownBy(() -> submitting(before)).isInstanceOf(StaleJobException.class);
    assertThat(queries.job(before.id()).orElseThrow().attempts()).isEqualTo(1);
  }

  @Test
  void theSameContentAgainIsADuplicateOfTheFirst() {
    var first = ready("avatar", "a");
    var second = newJobs.checked(claimed("avatar", "b"), "{}", "key-a", null, null, List.of());
    assertThat(second.state()).isEqualTo(JobState.DUPLICATE);
    assertThat(second.content().duplicateOf()).isEqualTo(first.id());
  }

  @Test
  void aContentWhoseFirstJobSurelyCostNothingMayStartAnew() {
    ledger.failed(ready("avatar", "a"), Failure.of(FailureClass.INVALID, "wrong"));
    var second = newJobs.checked(claimed("avatar", "b"), "{}", "key-a", null, null, List.of());
    assertThat(second.state()).isEqualTo(JobState.READY);
    var third = newJobs.checked(claimed("avatar", "c"), "{}", "key-a", null, null, List.of());
    assertThat(third.content().duplicateOf()).isEqualTo(second.id());
  }

  @Test
  void aJobIsNotPaidForAgainOnceItsContentHasPassedToAnother() {
    var first = ledger.failed(ready("avatar", "a"), Failure.of(FailureClass.PROVIDER, "errors"));
    newJobs.checked(claimed("avatar", "b"), "{}", "key-a", null, null, List.of());

    assertThatThrownBy(() -> ledger.resubmitted(first, "a person pays again"))
        .isInstanceOf(StaleJobException.class);
    assertThat(queries.job(first.id())).hasValue(first);
  }

  @RepeatedTest(20)
  void aContentDroppedWhileItsJobIsSubmittedAgainIsPaidForOnce() throws Exception {
    var first = ledger.failed(ready("avatar", "a"), Failure.of(FailureClass.PROVIDER, "errors"));
    var second = claimed("avatar", "b");
    var together = new CyclicBarrier(2);
    Callable<Boolean> resubmit =
        () -> {
          together.await();
          try {
            return ledger.resubmitted(first, "a person pays again").state() == JobState.READY;
          } catch (StaleJobException e) {
            return false;
          }
        };
    Callable<Boolean> drop =
        () -> {
          together.await();
          var checked = newJobs.checked(second, "{}", "key-a", null, null, List.of());
          return checked.state() == JobState.READY;
        };
    var workers = Executors.newFixedThreadPool(2);
    try {
      var paid = 0;
      for (var answer : workers.invokeAll(List.of(resubmit, drop))) {
        paid += answer.get() ? 1 : 0;
      }
      assertThat(paid).isEqualTo(1);
    } finally {
      workers.shutdownNow();
    }
  }

  @Test
  void aContentThatMayHaveBeenChargedNeverStartsAnew() {
    var unknown = ledger.submitUnknown(submitting(ready("avatar", "a")), "lost", false);
    assertThat(unknown.failure().charged()).isEqualTo(Charged.UNKNOWN);
    ledger.failed(
        running("b"), new Failure(FailureClass.GENERATION, "501", "no", 200, Charged.YES));
    assertThat(
            newJobs.checked(claimed("avatar", "c"), "{}", "key-a", null, null, List.of()).state())
        .isEqualTo(JobState.DUPLICATE);
    assertThat(
            newJobs.checked(claimed("avatar", "d"), "{}", "key-b", null, null, List.of()).state())
        .isEqualTo(JobState.DUPLICATE);
  }

  @Test
  void onlyDueJobsAreClaimedAndALeaseKeepsOthersAway() {
    ready("avatar", "a");
    assertThat(due(5, JobState.RUNNING)).isEmpty();
    assertThat(due(5, JobState.READY)).hasSize(1);
    assertThat(due(5, JobState.READY)).isEmpty();
    pass(LEASE.plusSeconds(1));
    assertThat(due(5, JobState.READY)).hasSize(1);
    claims.releaseAll();
    var again = due(5, JobState.READY).get(0);
    claims.released(again, now.plusSeconds(60));
    assertThat(due(5, JobState.READY)).isEmpty();
    pass(Duration.ofSeconds(61));
    assertThat(due(5, JobState.READY)).hasSize(1);
  }

  @Test
  void profilesTakeTurns() {
    for (int i = 0; i < 4; i++) {
      ready("crowd", "c" + i);
    }
    ready("lonely", "l");
    assertThat(due(2, JobState.READY)).extracting(Job::profile).contains("crowd", "lonely");
  }

  @Test
  void oneModelCanBeLeftOutOrAskedFor() {
    ready("avatar", "a");
    var states = Set.of(JobState.READY);
    assertThat(claims.claimDue(new Due(states, "kie", Set.of("model"), true, 5), LEASE)).isEmpty();
    assertThat(claims.claimDue(new Due(states, "other", Set.of(), false, 5), LEASE)).isEmpty();
    assertThat(claims.claimDue(new Due(states, "kie", Set.of("model"), false, 5), LEASE))
        .hasSize(1);
  }

  @RepeatedTest(10)
  void noTwoWorkersEverGetTheSameJob() throws Exception {
    for (int i = 0; i < 60; i++) {
      ready("p" + i % 3, "n" + i);
    }
    var workers = Executors.newFixedThreadPool(4);
    try {
      var calls = new ArrayList<Callable<List<String>>>();
      for (int i = 0; i < 12; i++) {
        calls.add(() -> due(7, JobState.READY).stream().map(Job::id).toList());
      }
      var all = new ArrayList<String>();
      for (var answer : workers.invokeAll(calls)) {
        all.addAll(answer.get());
      }
      all.addAll(due(60, JobState.READY).stream().map(Job::id).toList());
      assertThat(all).hasSize(60).doesNotHaveDuplicates();
    } finally {
      workers.shutdownNow();
    }
  }

  @Test
  void endedJobsWaitToBeFiledOnce() {
    var failed =
        ledger.failed(claimed("avatar", "a"), Failure.of(FailureClass.INVALID, "bad picture"));
    var states = Set.of(JobState.FAILED);
    assertThat(claims.claimUnfiled(states, 5, LEASE)).hasSize(1);
    assertThat(queries.counts().open()).isEqualTo(1);
    ledger.filed(queries.job(failed.id()).orElseThrow(), "/failed/a");
    assertThat(claims.claimUnfiled(states, 5, LEASE)).isEmpty();
    assertThat(queries.counts().open()).isZero();
    assertThat(queries.counts().failedSince(now.minusSeconds(1))).isEqualTo(1);
    assertThat(queries.counts().failedSince(now.plusSeconds(1))).isZero();
  }

  @Test
  void refusalsCountTroubleAndAnAnswerEndsIt() {
    var refused = ledger.refused(submitting(ready("avatar", "a")), "busy", now, true);
    assertThat(refused.attempts()).isZero();
    assertThat(refused.progress().tries()).isEqualTo(1);
    pass(Duration.ofSeconds(10));
    var again = ledger.refused(submitting(refused), "busy", now, true);
    assertThat(again.progress().troubleSince()).isEqualTo(now.minusSeconds(10));
    var accepted = ledger.accepted(submitting(again), "t", now);
    assertThat(accepted.progress().troubleSince()).isNull();
    assertThat(accepted.attempts()).isEqualTo(1);
  }

  @Test
  void aPersonBringsTheLostTaskIdHome() {
    var unknown = ledger.submitUnknown(submitting(ready("avatar", "a")), "lost", false);
    var attached = ledger.attached(unknown, "task-9");
    assertThat(attached.state()).isEqualTo(JobState.RUNNING);
    assertThat(attached.failure()).isNull();
    assertThat(attached.taskId()).isEqualTo("task-9");
  }

  @Test
  void uploadsAreNotUsedOnceTheyExpire() {
    var job = ready("avatar", "a");
    var uploads = new Uploads(database);
    uploads.keep(job.id(), "a.png", "https://x/a", now.plusSeconds(100));
    assertThat(uploads.find(job.id(), "a.png", now.plusSeconds(50))).contains("https://x/a");
    assertThat(uploads.find(job.id(), "a.png", now.plusSeconds(101))).isEmpty();
    pass(Duration.ofSeconds(200));
    assertThat(uploads.find(job.id(), "a.png", now)).isEmpty();
  }

  @Test
  void receiptsTellWhereResultsAreAndWhoHasAPlace() {
    var job = running("a");
    var receipts = new Receipts(database, clock);
    receipts.keep(job.id(), "file", 1, "/out/a.mp4");
    receipts.keep(job.id(), "file", 1, "/out/a~2.mp4");
    assertThat(receipts.find(job.id(), "file", 1)).contains("/out/a~2.mp4");
    assertThat(receipts.locations(job.id())).containsExactly("/out/a~2.mp4");
    assertThat(receipts.taken("file", "/out/a~2.mp4", "another")).isTrue();
    assertThat(receipts.taken("file", "/out/a~2.mp4", job.id())).isFalse();
  }

  private Job fetched(String name) {
    var generated = ledger.generated(running(name), List.of("https://x/1"), 8.0);
    return ledger.fetched(
        generated, List.of(new ResultFile(1, "https://x/1", "1", "cc", 30, ".mp4", 3000L)));
  }

  private Shipments shipments() {
    return new Shipments(database, ME, clock);
  }

  private List<Shipment> dueFor(String target) {
    return shipments().claimDue(target, 8, LEASE);
  }

  @Test
  void aJobIsDeliveredWhenTheLastOfItsTargetsHasIt() {
    var job = shipments().open(fetched("a"), List.of("file", "s3"), now.plusSeconds(600));
    assertThat(job.state()).isEqualTo(JobState.FETCHED);
    assertThat(due(9, JobState.FETCHED)).as("looked at again later").isEmpty();

    var file = dueFor("file").get(0);
    assertThat(shipments().arrived(file).state()).isEqualTo(JobState.FETCHED);
    assertThat(dueFor("file")).isEmpty();
    var s3 = dueFor("s3").get(0);
    assertThat(dueFor("s3")).as("claimed by somebody").isEmpty();
    assertThat(shipments().arrived(s3).state()).isEqualTo(JobState.DELIVERED);
    assertThat(queries.history().timeline(job.id()))
        .extracting(event -> event.note())
        .contains("delivered to file", "delivered to s3", "delivered");
  }

  @Test
  void aTargetThatRefusesIsTriedAgainAloneAndItsReasonNotedOnce() {
    var job = shipments().open(fetched("a"), List.of("file", "s3"), now.plusSeconds(600));
    for (int tries = 0; tries < 3; tries++) {
      var s3 = dueFor("s3").get(0);
      assertThat(s3.tries()).isEqualTo(tries);
      shipments().later(s3, "no such bucket", now.plusSeconds(5));
      assertThat(dueFor("s3")).isEmpty();
      pass(Duration.ofSeconds(5));
    }
    assertThat(dueFor("s3").get(0).troubleSince()).isEqualTo(now.minusSeconds(15));
    assertThat(dueFor("file").get(0).tries()).isZero();
    assertThat(queries.history().timeline(job.id()))
        .extracting(event -> event.note())
        .containsOnlyOnce("no such bucket");
  }

  @Test
  void whatATargetRefusedBeforeItWentAwayIsForgotten() {
    shipments().open(fetched("a"), List.of("file", "s3"), now.plusSeconds(600));
    for (var target : List.of("file", "s3")) {
      shipments().later(dueFor(target).get(0), "no room", now.plusSeconds(5));
    }
    pass(Duration.ofDays(2));
    shipments().excused("file");
    assertThat(dueFor("file").get(0).troubleSince()).isNull();
    assertThat(dueFor("s3").get(0).troubleSince()).isEqualTo(now.minus(Duration.ofDays(2)));
  }

  @Test
  void aTargetThatIsGivenUpEndsTheJobOnlyAfterTheOthersAndARedeliveryBeginsWithIt() {
    var job = shipments().open(fetched("a"), List.of("file", "s3"), now.plusSeconds(600));
    assertThat(shipments().givenUp(dueFor("s3").get(0), "no bucket").state())
        .isEqualTo(JobState.FETCHED);
    assertThat(dueFor("s3")).isEmpty();
    var failed = shipments().arrived(dueFor("file").get(0));
    assertThat(failed.state()).isEqualTo(JobState.FAILED);
    assertThat(failed.failure()).isEqualTo(Failure.of(FailureClass.DELIVERY, "no bucket"));

    var again = ledger.redelivered(failed, "a person asked");
    shipments().open(again, List.of("file", "s3"), now.plusSeconds(600));
    assertThat(dueFor("file")).as("has it").isEmpty();
    var s3 = dueFor("s3").get(0);
    assertThat(s3.tries()).isZero();
    assertThat(shipments().arrived(s3).state()).isEqualTo(JobState.DELIVERED);
    assertThat(queries.job(job.id()).orElseThrow().failure()).isNull();
  }

  @Test
  void aTargetThatLeftTheSettingsIsNotWaitedFor() {
    var job = shipments().open(fetched("a"), List.of("file", "s3"), now);
    shipments().arrived(dueFor("file").get(0));
    assertThat(shipments().open(job, List.of("file"), now).state()).isEqualTo(JobState.DELIVERED);
  }

  @Test
  void aCancelledJobGoesNowhereAndLeasesEndWithTheirOwner() {
    var job = shipments().open(fetched("a"), List.of("file", "s3"), now.plusSeconds(600));
    var before = dueFor("file").get(0);
    claims.releaseAll();
    var claimed = dueFor("file").get(0);
    ledger.cancelled(queries.job(job.id()).orElseThrow(), "a person");
    assertThat(dueFor("s3")).isEmpty();
    assertThatThrownBy(() -> shipments().arrived(before)).isInstanceOf(StaleJobException.class);
    assertThat(shipments().arrived(claimed).state()).isEqualTo(JobState.CANCELLED);
  }

  @Test
  void twoTargetsThatEndAtTheSameMomentEndTheJob() throws Exception {
    var workers = Executors.newFixedThreadPool(2);
    try {
      for (int n = 0; n < 40; n++) {
        var job = shipments().open(fetched("a" + n), List.of("file", "s3"), now.plusSeconds(600));
        var both = List.of(dueFor("file").get(0), dueFor("s3").get(0));
        var start = new CyclicBarrier(2);
        var ends = new ArrayList<Callable<Job>>();
        both.forEach(
            shipment ->
                ends.add(
                    () -> {
                      start.await();
                      return shipments().arrived(shipment);
                    }));
        for (var end : workers.invokeAll(ends)) {
          end.get();
        }
        assertThat(queries.job(job.id()).orElseThrow().state()).isEqualTo(JobState.DELIVERED);
      }
    } finally {
      workers.shutdownNow();
    }
  }

  @Test
  void anUploadIsForgottenWhenTheTaskIsOverAndKeptIfTheJobBeginsAnew() {
    var uploads = new Uploads(database);
    var job = running("a");
    uploads.keep(job.id(), "a.png", "https://b/media/x/word1.png", now.plusSeconds(90));
    assertThat(uploads.forget(job.id(), "word1")).as("it runs").isFalse();
    assertThat(uploads.forget("nobody", "word1")).isFalse();
    assertThat(uploads.find(job.id(), "a.png", now)).isPresent();

    ledger.failed(job, Failure.of(FailureClass.GENERATION, "no"));
    uploads.keep(job.id(), "a.wav", "https://b/media/x/word2.wav", now.plusSeconds(90));
    assertThat(uploads.forget(job.id(), "word1")).isTrue();
    assertThat(uploads.find(job.id(), "a.png", now)).isEmpty();
    assertThat(uploads.find(job.id(), "a.wav", now)).isPresent();
  }

  @Test
  void runTimesTellWhenATaskWasLastSeenWorkingAndWhenFinished() {
    var runTimes = new RunTimes(database);
    var told = finished("told", 300, 40, Duration.ofSeconds(311));
    var untold = finished("untold", 300, 40, null);
    var atOnce = finished("at-once", 0, 250, null);
    assertThat(runTimes.of("kie", "model"))
        .containsExactly(told, untold, atOnce)
        .isEqualTo(runTimes.all());
    assertThat(told).isEqualTo(new RunTime("kie", "model", 3000, 300_000L, 340_000, 311_000L));
    assertThat(untold.toldMillis()).isNull();
    assertThat(atOnce).isEqualTo(new RunTime("kie", "model", 3000, null, 250_000, null));
    assertThat(runTimes.of("kie", "another")).isEmpty();
  }

  @Test
  void milestonesTellEachEndOnceWithWhatItTook() {
    var milestones = new EndedJobs(database);
    var start = now;
    var generated = generatedAfter(Duration.ofSeconds(40));
    var fetched =
        ledger.fetched(
            generated, List.of(new ResultFile(1, "https://x/1", "1", "h1", 11, ".mp4", 3000L)));
    pass(Duration.ofSeconds(5));
    var delivered = ledger.delivered(fetched);
    pass(Duration.ofSeconds(1));
    ledger.filed(delivered, "/archive");

    assertThat(milestones.ends(start))
        .singleElement()
        .satisfies(
            end -> {
              assertThat(end.state()).isEqualTo(JobState.DELIVERED);
              assertThat(end.account()).isEqualTo("kie");
              assertThat(end.failureClass()).isNull();
              assertThat(end.calls()).isEqualTo(2);
              assertThat(end.whole()).isEqualTo(Duration.ofSeconds(45));
              assertThat(end.delivery()).isEqualTo(Duration.ofSeconds(5));
              assertThat(end.at()).isEqualTo(start.plusSeconds(45));
            });
    assertThat(milestones.ends(start.plusSeconds(46))).isEmpty();
  }

  @Test
  void aJobWhoseAddressesAreAskedForAnewStaysWithItsWorker() {
    ledger.generated(running("a"), List.of("https://x/1"), 8.0);
    var job = due(1, JobState.GENERATED).get(0);

    var renewed = ledger.offered(job, List.of("https://x/2"));

    assertThat(due(1, JobState.GENERATED)).isEmpty();
    pass(LEASE.plusSeconds(1));
    assertThat(due(1, JobState.GENERATED))
        .singleElement()
        .matches(again -> again.version() == renewed.version() + 1, "claimed anew");
  }

  private Job generatedAfter(Duration time) {
    var running = running("milestone");
    pass(time);
    return ledger.generated(running, List.of("https://x/1"), 8.0);
  }

  @Test
  void milestonesTellHowLateAnEndWasNoticedIfTheProviderSaysWhenItWas() {
    var start = now;
    finished("told", 300, 40, Duration.ofSeconds(311));
    finished("untold", 300, 40, null);
    assertThat(new EndedJobs(database).noticed(start))
        .singleElement()
        .satisfies(
            noticed -> {
              assertThat(noticed.account()).isEqualTo("kie");
              assertThat(noticed.lag()).isEqualTo(Duration.ofSeconds(29));
            });
    assertThat(new EndedJobs(database).noticed(now.plusSeconds(1))).isEmpty();
  }

  @Test
  void whatTheCheckFoundOddStaysWithTheJobAndInItsTimeline() {
    var odd = List.of("b.png: stored lying on its side", "b.wav: 61 s\nare long");
    var ready = newJobs.checked(claimed("avatar", "b"), "{}", "key-b", null, null, odd);
    assertThat(queries.history().facts(ready).warnings())
        .containsExactly("b.png: stored lying on its side", "b.wav: 61 s are long");
    assertThat(queries.history().timeline(ready.id()))
        .extracting(JobEvent::note)
        .containsSubsequence(
            "note: b.png: stored lying on its side",
            "note: b.wav: 61 s are long",
            "checked; the request is ready");
    var duplicate = newJobs.checked(claimed("avatar", "c"), "{}", "key-b", null, null, odd);
    assertThat(duplicate.state()).isEqualTo(JobState.DUPLICATE);
    assertThat(queries.history().facts(duplicate).warnings()).isEmpty();
  }

  @Test
  void whatAClockAheadOfUsPutOffIsDueAtTheNextStart() {
    pass(Duration.ofHours(2));
    var job = running("a");
    ledger.running(queries.job(job.id()).orElseThrow(), "waiting", now.plusSeconds(60));
    var ahead = new AheadOfTime(database);
    assertThat(ahead.mend(now)).isEqualTo(Duration.ZERO);
    assertThat(queries.job(job.id()).orElseThrow().times().due()).isEqualTo(now.plusSeconds(60));
    var setBack = now.minus(Duration.ofHours(2));
    assertThat(ahead.mend(setBack)).isEqualTo(Duration.ofHours(2));
    assertThat(queries.job(job.id()).orElseThrow().times().due()).isEqualTo(setBack);
  }

  @Test
  void aDatabaseOfTheFirstVersionKeepsItsTasksAndLearnsFromNowOn() {
    var job = running("a");
    try (var owner = openAsOwner()) {
      owner.transaction(
          tx ->
              tx.update("drop table node")
                  + tx.update("drop table lane_owner")
                  + tx.update("drop table lease")
                  + tx.update("drop table warning")
                  + tx.update("drop table shipment")
                  + tx.update("drop table run_time")
                  + tx.update("drop table callback")
                  + tx.update("drop table upload_key")
                  + tx.update("drop index job_newest")
                  + tx.update("drop index job_profile")
                  + tx.update("drop index job_class")
                  + tx.update("drop index event_at")
                  + tx.update("drop table attempt")
                  + tx.update("drop table purse")
                  + tx.update("drop index job_held")
                  + tx.update("alter table job drop column held")
                  + tx.update("alter table job drop column retries")
                  + tx.update("drop table pause")
                  + tx.update("drop table folder")
                  + tx.update("drop table ledger_id")
                  + tx.update("drop table node_folder")
                  + tx.update("drop table folder_kind")
                  + tx.update("drop table chosen_name")
                  + tx.update("drop table no_room")
                  + tx.update("drop table reservation_file")
                  + tx.update("drop table reservation")
                  + tx.update("drop table schema_reader")
                  + tx.update("drop table outcome")
                  + tx.update("drop table outcome_number")
                  + tx.update("alter table job drop column looked_at")
                  + tx.update("alter table job drop column lookup")
                  + tx.update("delete from schema_version where version > 1"));
    }
    database.close();
    openAsOwner().close();
    connectAgain();
    pass(Duration.ofSeconds(100));
    var looked = ledger.running(queries.job(job.id()).orElseThrow(), "waiting", now);
    pass(Duration.ofSeconds(10));
    var runTimes = new RunTimes(database);
    runTimes.keep(ledger.generated(looked, List.of("https://x/1"), 8.0).id(), null);
    assertThat(runTimes.all())
        .containsExactly(new RunTime("kie", "model", 3000, 100_000L, 110_000, null));
    assertThat(queries.history().facts(job).attempts())
        .extracting(Attempt::number, Attempt::taskId, Attempt::reserved, Attempt::credits)
        .containsExactly(tuple(1, "task-a", 24.0, 8.0));
  }

  @Test
  void aLookWithoutWordDoesNotCountAsSeenWorking() {
    var job = running("a");
    pass(Duration.ofSeconds(100));
    job = ledger.running(job, null, now);
    pass(Duration.ofSeconds(50));
    new RunTimes(database).keep(ledger.generated(job, List.of("https://x/1"), 8.0).id(), null);
    assertThat(new RunTimes(database).all().get(0).workingMillis()).isNull();
  }

  @Test
  void onlyTheNewestRunTimesOfAModelAreKept() {
    var newest = new ArrayList<RunTime>();
    for (int i = 0; i < RunTimes.KEPT + 3; i++) {
      newest.add(finished("n" + i, 0, 100 + i, null));
    }
    assertThat(new RunTimes(database).of("kie", "model"))
        .isEqualTo(newest.subList(3, newest.size()));
  }

  @Test
  void aJobWithoutATaskHasNoRunTime() {
    var runTimes = new RunTimes(database);
    runTimes.keep(ready("avatar", "a").id(), Duration.ofSeconds(5));
    runTimes.keep(running("b").id(), Duration.ofSeconds(5));
    assertThat(runTimes.all()).isEmpty();
  }

  /** A task seen working after so many seconds, if any, and finished so many later. */
  private RunTime finished(String name, int working, int more, Duration told) {
    var job = running(name);
    if (working > 0) {
      pass(Duration.ofSeconds(working));
      job = ledger.running(job, "waiting", now);
    }
    pass(Duration.ofSeconds(more));
    var runTimes = new RunTimes(database);
    runTimes.keep(ledger.generated(job, List.of("https://x/1"), 8.0).id(), told);
    var all = runTimes.of("kie", "model");
    return all.get(all.size() - 1);
  }

  @Test
  void anAccountIsPausedOnceUntilAPersonResumesIt() {
    var rows = new LaneRows(database);
    var refused = new ClosedLane("kie", "", "credit", "no credit", now, now.plusSeconds(5), 0);
    rows.keep(refused);
    queue().done(claimOutcomes(List.of()).get(0));
    assertThat(rows.pause("kie", now)).isTrue();
    assertThat(rows.pause("kie", now.plusSeconds(1))).isFalse();
    assertThat(rows.paused()).containsExactly(ClosedLane.paused("kie", now));
    assertThat(rows.closed()).containsExactly(refused);
    assertThat(rows.all()).containsExactly(ClosedLane.paused("kie", now), refused);
    assertThat(queries.counts().paused()).containsExactly(entry("kie", 0L));
    ready("avatar", "waits");
    assertThat(queries.counts().paused()).containsExactly(entry("kie", 1L));
    assertThat(queries.counts().open()).isEqualTo(1);
    assertThat(queries.counts().busy(now)).isZero();
    var told = claimOutcomes(List.of());
    assertThat(told).extracting(OutcomeRow::type).containsExactly("io.klingdrop.lane.closed.v1");
    assertThat(told.get(0).data()).contains("\"cause\":\"paused\"");
    queue().done(told.get(0));

    assertThat(rows.resume("kie", now)).isTrue();
    assertThat(rows.resume("kie", now)).isFalse();
    assertThat(rows.all()).containsExactly(refused);
    assertThat(queries.counts().paused()).isEmpty();
    assertThat(queries.counts().busy(now)).isEqualTo(1);
    assertThat(claimOutcomes(List.of()))
        .extracting(OutcomeRow::type)
        .containsExactly("io.klingdrop.lane.opened.v1");
  }

  @Test
  void closedLanesAreRememberedUntilTheyOpen() {
    var rows = new LaneRows(database);
    var lane = new ClosedLane("kie", "", "credit", "no credit", now, now.plusSeconds(5), 0);
    rows.keep(lane);
    rows.keep(lane.probed(now.plusSeconds(10)));
    assertThat(rows.all()).containsExactly(lane.probed(now.plusSeconds(10)));
    rows.remove("kie", "", now);
    rows.remove("kie", "", now);
    assertThat(rows.all()).isEmpty();

    var first = claimOutcomes(List.of());
    assertThat(first).extracting(OutcomeRow::type).containsExactly("io.klingdrop.lane.closed.v1");
    queue().done(first.get(0));
    var second = claimOutcomes(List.of());
    assertThat(second).extracting(OutcomeRow::type).containsExactly("io.klingdrop.lane.opened.v1");
    queue().done(second.get(0));
    assertThat(claimOutcomes(List.of())).isEmpty();
  }

  private OutcomeRows outcomes() {
    return new OutcomeRows(database, clock);
  }

  private OutcomeQueue queue() {
    return new OutcomeQueue(database, ME, clock);
  }

  private List<OutcomeRow> claimOutcomes(List<String> resting) {
    return queue().claim(OutcomeRow.Way.CHANNEL, resting, 10, LEASE);
  }

  private Job failedAndFiled(String name) {
    var failure = Failure.of(FailureClass.INVALID, "too small");
    return ledger.filed(ledger.failed(claimed("avatar", name), failure), "/failed/" + name);
  }

  @Test
  void anOutcomeIsWrittenWithTheStateAndToldOnceTheFilesAreInTheirFolder() {
    var failed =
        ledger.failed(claimed("avatar", "a"), Failure.of(FailureClass.INVALID, "too small"));
    assertThat(claimOutcomes(List.of())).isEmpty();
    assertThat(outcomes().backlog()).extracting(OutcomeRows.Backlog::count).containsExactly(1L, 1L);
    assertThatThrownBy(() -> ledger.failed(failed, Failure.of(FailureClass.INVALID, "again")))
        .isInstanceOf(LedgerException.class);

    ledger.filed(failed, "/failed/a");
    assertThat(claimOutcomes(List.of()))
        .singleElement()
        .matches(row -> "/failed/a".equals(row.folder()))
        .matches(row -> row.data().contains("\"failMessage\":\"too small\""))
        .matches(row -> row.subject().equals(failed.id()));
    assertThat(outcomes().anyFresh()).isTrue();
  }

  @Test
  void aClaimedOutcomeIsNobodyElsesUntilItsLeaseEndsOrItsOwnerStartsAnew() {
    failedAndFiled("a");
    assertThat(claimOutcomes(List.of())).hasSize(1);
    assertThat(claimOutcomes(List.of())).isEmpty();
    new JobClaims(database, Holder.alone(new NodeId("somebody else")), clock).releaseAll();
    assertThat(claimOutcomes(List.of())).isEmpty();
    claims.releaseAll();
    assertThat(claimOutcomes(List.of())).hasSize(1);
    pass(LEASE.plusMillis(1));
    assertThat(claimOutcomes(List.of())).hasSize(1);
  }

  @Test
  void aLaterOutcomeOfAJobWaitsForTheEarlierOnes() {
    var failed = failedAndFiled("a");
    failedAndFiled("b");
    ledger.filed(ledger.cancelled(failed, "by hand"), "/failed/cancelled/a");

    var first = claimOutcomes(List.of());
    assertThat(first).hasSize(2).noneMatch(row -> row.type().contains("cancelled"));
    queue().later(first.get(0), "down", now.plusSeconds(5), "jms:x", Set.of("jms:y"));
    queue().done(first.get(1));
    assertThat(claimOutcomes(List.of())).isEmpty();
    pass(Duration.ofSeconds(5));
    assertThat(claimOutcomes(List.of("jms:x"))).isEmpty();
    var again = claimOutcomes(List.of());
    assertThat(again).singleElement().matches(row -> row.reached().equals(Set.of("jms:y")));
    assertThat(again.get(0).id()).isEqualTo(first.get(0).id());
    assertThat(again.get(0).error()).isEqualTo("down");
    queue().done(again.get(0));
    var last = claimOutcomes(List.of());
    assertThat(last).singleElement().matches(row -> row.type().contains("cancelled"));
  }

  @Test
  void aFailureThatIsTakenUpAgainIsToldAllTheSame() {
    var failed = ledger.failed(running("a"), Failure.of(FailureClass.GENERATION, "no luck"));
    ledger.rechecked(failed, "recheck");
    assertThat(claimOutcomes(List.of())).hasSize(1);
  }

  @Test
  void aPersonMayDropWhatNobodyTakes() {
    var failed = failedAndFiled("a");
    failedAndFiled("b");
    assertThat(outcomes().waiting(10)).hasSize(4);
    assertThat(outcomes().drop(failed.id())).isEqualTo(2);
    assertThat(outcomes().drop("nonsense")).isZero();
    assertThat(outcomes().drop("")).isEqualTo(2);
    assertThat(outcomes().backlog()).isEmpty();
  }

  @Test
  void whatIsCommittedIsThereForAnotherConnectionAndAfterANewStart() {
    var job = running("a");
    try (var other = open()) {
      assertThat(new JobQueries(other).job(job.id())).contains(job);
      var changed = new Ledger(other, clock).running(job, "waiting", now.plusSeconds(5));
      assertThat(queries.job(job.id())).contains(changed);
    }
    database.close();
    database = open();
    assertThat(new JobQueries(database).job(job.id()).orElseThrow().progress().word())
        .isEqualTo("waiting");
  }

  @Test
  void jobsAreFoundByIdItsBeginningTaskAndName() {
    var job = running("anna");
    for (var word : List.of(job.id(), job.id().substring(0, 14), "task-anna", "anna")) {
      assertThat(queries.find(word)).extracting(Job::id).containsExactly(job.id());
    }
    assertThat(queries.find("kd")).isEmpty();
    assertThat(new TreeSet<>(queries.counts().byState().keySet()))
        .containsExactly(JobState.RUNNING);
  }

  private static Failure free(String message) {
    return new Failure(FailureClass.GENERATION, "501", message, 200, Charged.NO);
  }

  @Test
  void aFreeFailureIsReadyAgainAsOftenAsAllowedWithTheFailureInTheTimeline() {
    var first = ledger.ended(running("a"), free("no luck"), 0.0, 1);
    assertThat(first.state()).isEqualTo(JobState.READY);
    assertThat(first.failure()).isNull();
    assertThat(first.taskId()).isNull();
    assertThat(first.filed()).isFalse();
    assertThat(first.times().due()).isAfter(now);
    assertThat(due(5, JobState.READY)).isEmpty();
    assertThat(queries.history().timeline(first.id()).stream().map(event -> event.state()))
        .endsWith(JobState.RUNNING, JobState.FAILED, JobState.READY);
    assertThat(claims.claimUnfiled(Set.of(JobState.FAILED), 5, LEASE)).isEmpty();

    var second = ledger.accepted(submitting(first), "task-2", now);
    var failed = ledger.ended(second, free("none again"), 0.0, 1);
    assertThat(failed.state()).isEqualTo(JobState.FAILED);
    assertThat(queries.history().facts(failed).attempts())
        .extracting(Attempt::taskId, Attempt::failMessage, Attempt::charged, Attempt::credits)
        .containsExactly(
            tuple("task-a", "no luck", Charged.NO, 0.0),
            tuple("task-2", "none again", Charged.NO, 0.0));
    assertThat(queries.find("task-a")).extracting(Job::id).containsExactly(failed.id());
  }

  @Test
  void askingAgainForFreeNeverLeadsToAnotherPayment() {
    var failed = ledger.ended(running("a"), free("no luck"), 0.0, 0);
    var rechecked = ledger.rechecked(failed, "a person asked for a recheck");
    assertThat(ledger.ended(rechecked, free("no luck"), 0.0, 5).state()).isEqualTo(JobState.FAILED);
    var resubmitted =
        ledger.resubmitted(queries.job(failed.id()).orElseThrow(), "a person pays again");
    var again = ledger.accepted(submitting(resubmitted), "task-2", now);
    assertThat(ledger.ended(again, free("no luck"), 0.0, 1).state()).isEqualTo(JobState.READY);
  }

  @Test
  void aContentStartsAnewOnlyIfEveryAttemptWasFree() {
    var charged =
        ledger.ended(
            running("a"),
            new Failure(FailureClass.GENERATION, "501", "", 200, Charged.YES),
            8.0,
            0);
    var again = ledger.resubmitted(charged, "a person pays again");
    ledger.ended(ledger.accepted(submitting(again), "t2", now), free("no luck"), 0.0, 0);
    assertThat(
            newJobs.checked(claimed("avatar", "b"), "{}", "key-a", null, null, List.of()).state())
        .isEqualTo(JobState.DUPLICATE);

    var waiting = ledger.ended(running("c"), free("no luck"), 0.0, 1);
    ledger.cancelled(waiting, "a person cancelled it");
    assertThat(
            newJobs.checked(claimed("avatar", "d"), "{}", "key-c", null, null, List.of()).state())
        .isEqualTo(JobState.READY);
  }

  @Test
  void anAttemptThatSurelyNeverHappenedLeavesNoRow() {
    var refused = ledger.refused(submitting(ready("avatar", "a")), "busy", now, true);
    assertThat(queries.history().facts(refused).attempts()).isEmpty();
    var lost = ledger.submitUnknown(submitting(refused), "lost", true);
    assertThat(queries.history().facts(lost).attempts())
        .extracting(Attempt::charged)
        .containsExactly(Charged.UNKNOWN);
    assertThat(queries.history().facts(ledger.neverCreated(lost, "not there")).attempts())
        .isEmpty();
    var found = ledger.found(ledger.submitUnknown(submitting(ready("avatar", "b")), "", true), "t");
    assertThat(queries.history().facts(found).attempts().get(0).taskId()).isEqualTo("t");
    assertThat(queries.history().facts(found).attempts().get(0).charged()).isNull();
  }

  private static BudgetCaps cap(double credits) {
    return new BudgetCaps(credits, Map.of(), false);
  }

  private Map<String, Double> spent() {
    return queries.counts().spent(now);
  }

  @RepeatedTest(3)
  void theLastCreditsOfADayAreNeverSpentTwice() throws Exception {
    var jobs = new ArrayList<Job>();
    for (int i = 0; i < 24; i++) {
      jobs.add(ready("p" + i % 3, "n" + i));
    }
    var workers = Executors.newFixedThreadPool(8);
    try (var other = open()) {
      var second = new SpendingGate(other, clock);
      var calls = new ArrayList<Callable<Job>>();
      for (int i = 0; i < jobs.size(); i++) {
        var job = jobs.get(i);
        var mine = i % 2 == 0 ? gate : second;
        calls.add(() -> mine.submitting(job, cap(100)));
      }
      var states = new ArrayList<JobState>();
      for (var answer : workers.invokeAll(calls)) {
        states.add(answer.get().state());
      }
      assertThat(states).filteredOn(state -> state == JobState.SUBMITTING).hasSize(4);
      assertThat(states).filteredOn(state -> state == JobState.READY).hasSize(20);
      assertThat(queries.counts().held()).isEqualTo(20);
      assertThat(spent().values().stream().mapToDouble(Double::doubleValue).sum()).isEqualTo(96);
    } finally {
      workers.shutdownNow();
    }
  }

  @Test
  void aJobWithoutMoneyStaysReadyUntilMidnightAndSaysWhyOnce() {
    gate.submitting(ready("avatar", "a"), cap(30));
    var held = gate.submitting(ready("avatar", "b"), cap(30));
    assertThat(held.state()).isEqualTo(JobState.READY);
    assertThat(held.attempts()).isZero();
    assertThat(queries.history().facts(held).attempts()).isEmpty();
    assertThat(held.times().due()).isEqualTo(Instant.parse("2026-11-22T00:00:00Z"));
    assertThat(queries.history().held(held.id()).orElseThrow())
        .contains("24 of 30", "about 24", "klingdrop.budget.credits-per-day");
    assertThat(queries.counts().open()).isEqualTo(2);
    assertThat(queries.counts().busy(now)).isEqualTo(1);
    assertThat(due(5, JobState.READY)).isEmpty();
    var again = gate.submitting(held, cap(31));
    assertThat(queries.history().timeline(again.id()))
        .filteredOn(e -> e.note().contains("reached"))
        .hasSize(1);

    pass(Duration.ofHours(14));
    assertThat(spent()).isEmpty();
    var due = due(5, JobState.READY);
    assertThat(due).hasSize(1);
    assertThat(gate.submitting(due.get(0), cap(30)).state()).isEqualTo(JobState.SUBMITTING);
    assertThat(queries.counts().held()).isZero();
  }

  @Test
  void moneyThatComesBackWakesAsManyAsItReachesFor() {
    var running = ledger.accepted(gate.submitting(ready("avatar", "a"), cap(50)), "t", now);
    var lost = ledger.submitUnknown(gate.submitting(ready("avatar", "l"), cap(50)), "", false);
    for (var name : List.of("b", "c", "d")) {
      pass(Duration.ofSeconds(1));
      gate.affordable(List.of(ready("avatar", name)), cap(50));
    }
    assertThat(queries.counts().held()).isEqualTo(3);
    gate.wakeHeld(cap(50));
    assertThat(due(5, JobState.READY)).isEmpty();
    assertThat(spent()).containsEntry("avatar", 48.0);

    ledger.ended(running, free("no luck"), 0.0, 0);
    gate.wakeHeld(cap(50));
    assertThat(queries.counts().held()).isEqualTo(2);
    assertThat(due(5, JobState.READY)).extracting(Job::name).containsExactly("b");
    ledger.neverCreated(lost, "not there");
    assertThat(spent()).containsEntry("avatar", 0.0);
    gate.wakeHeld(BudgetCaps.NONE);
    assertThat(due(5, JobState.READY)).hasSize(3);
  }

  @Test
  void whatOthersAreAboutToSubmitIsCountedBeforeWorkIsPutIntoMore() {
    ready("avatar", "a");
    ready("avatar", "b");
    var first = due(1, JobState.READY);
    assertThat(gate.affordable(first, cap(40))).hasSize(1);
    assertThat(gate.affordable(due(1, JobState.READY), cap(40))).isEmpty();
    gate.wakeHeld(cap(40));
    assertThat(due(5, JobState.READY)).isEmpty();

    claims.released(first.get(0), now.plusSeconds(60));
    gate.wakeHeld(cap(40));
    assertThat(gate.affordable(due(5, JobState.READY), cap(40))).hasSize(1);
    assertThat(spent()).isEmpty();
  }

  @Test
  void theProvidersFigureCountsOnTheDayOfTheSubmission() {
    var first = ledger.accepted(gate.submitting(ready("avatar", "a"), cap(50)), "t", now);
    assertThat(spent()).containsEntry("avatar", 24.0);
    var second = ledger.accepted(gate.submitting(ready("avatar", "b"), cap(50)), "u", now);
    ledger.generated(first, List.of("https://x/1"), 7.5);
    ledger.generated(second, List.of("https://x/2"), null);
    assertThat(spent()).containsEntry("avatar", 31.5);
    ledger.failed(submitting(ready("avatar", "c")), Failure.of(FailureClass.INVALID, "no face"));
    assertThat(spent()).containsEntry("avatar", 31.5);
    pass(Duration.ofHours(20));
    assertThat(spent()).isEmpty();
  }

  @Test
  void aCapOfAProfileIsItsOwnAndAnUnknownPriceIsNotWavedThrough() {
    var caps = new BudgetCaps(null, Map.of("poor", 30.0), false);
    gate.submitting(ready("poor", "a"), caps);
    assertThat(gate.submitting(ready("poor", "b"), caps).state()).isEqualTo(JobState.READY);
    assertThat(gate.submitting(ready("rich", "c"), caps).state()).isEqualTo(JobState.SUBMITTING);
    var unpriced = newJobs.checked(claimed("poor", "d"), "{}", "key-d", null, null, List.of());
    var held = gate.submitting(unpriced, caps);
    assertThat(queries.history().held(held.id()).orElseThrow()).contains("price");
    var allowed = new BudgetCaps(null, Map.of("poor", 30.0), true);
    assertThat(gate.submitting(held, allowed).state()).isEqualTo(JobState.SUBMITTING);
  }

  /** The kinds of work for which something may be due. */
  private Set<String> asked() {
    var due = new DueQuestion(database, clock).ask();
    assertThat(due.mayHave("callback")).as("not found in the ledger").isTrue();
    return Stream.of(
            "check",
            "submit",
            "lookup",
            "poll",
            "fetch",
            "targets",
            "outbox",
            "bucket",
            "archive",
            "failure",
            "messages",
            "notices")
        .filter(due::mayHave)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void aLeaseThatIsOverIsNoWorkUnderWay() {
    ready("avatar", "a");
    claims.claimDue(Due.in(Set.of(JobState.READY), 5), Duration.ofMinutes(1));
    assertThat(queries.counts().leased("kie", clock)).isEqualTo(1);
    assertThat(queries.counts().inFlight("kie", clock)).isEqualTo(1);

    pass(Duration.ofMinutes(2));

    assertThat(queries.counts().leased("kie", clock)).isZero();
    assertThat(queries.counts().inFlight("kie", clock)).isZero();
  }

  @Test
  void oneQuestionTellsForWhichStagesSomethingIsDue() {
    assertThat(asked()).isEmpty();
    var claimed = claimed("avatar", "a");
    assertThat(asked()).containsExactly("check");
    var ready = newJobs.checked(claimed, "{}", "key-a", 3000L, 24.0, List.of());
    assertThat(asked()).containsExactly("submit");
    var later = claims.released(ready, now.plusSeconds(60));
    assertThat(asked()).isEmpty();
    var submitting = submitting(later);
    assertThat(asked()).isEmpty();
    var running = ledger.accepted(submitting, "task-a", now.plusSeconds(60));
    assertThat(asked()).isEmpty();
    pass(Duration.ofMinutes(1));
    assertThat(asked()).containsExactly("poll");
    var generated = ledger.generated(running, List.of("https://x/1"), null);
    assertThat(asked()).containsExactly("fetch");
    var fetched = ledger.fetched(generated, List.of());
    assertThat(asked()).containsExactly("targets");
    ledger.delivered(fetched);
    assertThat(asked()).containsExactly("archive", "messages", "notices");
    claims.claimUnfiled(Set.of(JobState.DELIVERED), 1, LEASE);
    assertThat(asked()).as("leases are the claim's business").contains("archive");
  }

  @Test
  void theQuestionNamesShipmentsFailuresOutcomesLookupsAndJobsWithoutMoney() {
    shipments().open(fetched("a"), List.of("file", "s3"), now.plusSeconds(600));
    assertThat(asked()).containsExactly("bucket", "outbox");
    shipments().later(dueFor("s3").get(0), "no such bucket", now.plusSeconds(5));
    var file = dueFor("file").get(0);
    shipments().later(file, "not mounted", now.plusSeconds(5));
    assertThat(asked()).as("an outbox that is away excuses at once").containsExactly("outbox");
    shipments().arrived(file);
    assertThat(asked()).isEmpty();

    var failed =
        ledger.failed(claimed("avatar", "b"), Failure.of(FailureClass.INVALID, "too small"));
    assertThat(asked()).containsExactly("failure");
    ledger.filed(failed, "/failed/b");
    assertThat(asked()).containsExactly("messages", "notices");
    claimOutcomes(List.of()).forEach(queue()::done);
    assertThat(asked()).containsExactly("notices");
  }

  @Test
  void theQuestionNamesLookupsAndJobsThatWaitForMoney() {
    var lost = ledger.submitUnknown(gate.submitting(ready("avatar", "a"), cap(30)), "", true);
    assertThat(lost.state()).isEqualTo(JobState.SUBMIT_UNKNOWN);
    assertThat(asked()).containsExactly("lookup");

    assertThat(gate.submitting(ready("avatar", "b"), cap(30)).state()).isEqualTo(JobState.READY);
    assertThat(asked()).contains("submit");
  }

  @Test
  void theQuestionNamesTheProbeOfAClosedLane() {
    var lanes = new LaneRows(database);
    assertThat(asked()).doesNotContain("submit");
    lanes.keep(new ClosedLane("kie", "", "key", "refused", now, now.plusSeconds(5), 0));
    assertThat(asked()).contains("submit");
    lanes.remove("kie", "", now);
    assertThat(asked()).doesNotContain("submit");
  }

  @Test
  void aDatabaseOfANewerProgramIsRefused() {
    database.update("insert into schema_version (version) values (999)");
    database.update("update schema_reader set least = 999");
    assertThatThrownBy(this::open)
        .isInstanceOf(LedgerException.class)
        .hasMessageContaining("use a newer klingdrop.jar");
  }

  private CallbackRows.Address address(Job job, String hash) {
    return new CallbackRows.Address(hash, job.id(), "kie", 1, now, null);
  }

  @Test
  void aTaskThatACallbackToldOfBeforeItsAnswerIsDueAtOnce() {
    var rows = new CallbackRows(database);
    var later = now.plusSeconds(300);
    var early = submitting(ready("avatar", "early"));
    var usual = submitting(ready("avatar", "usual"));
    rows.keep(address(early, "hash-early"));
    rows.keep(address(usual, "hash-usual"));

    assertThat(rows.heard(address(early, "hash-early"), "task-early", true, now))
        .isEqualTo(JobState.SUBMITTING);

    assertThat(ledger.accepted(early, "task-early", later).times().due()).isEqualTo(now);
    assertThat(ledger.accepted(usual, "task-usual", later).times().due()).isEqualTo(later);
  }

  @Test
  void aLostTaskThatACallbackNamedIsLookedForUntilItIsSettled() {
    var rows = new CallbackRows(database);
    var lost = submitting(ready("avatar", "lost"));
    rows.keep(address(lost, "hash-lost"));
    assertThat(rows.lostButTold()).isEmpty();
    rows.heard(address(lost, "hash-lost"), "task-lost", true, now);
    ledger.submitUnknown(lost, "the answer got lost", false);

    assertThat(rows.lostButTold())
        .singleElement()
        .satisfies(address -> assertThat(address.taskId()).isEqualTo("task-lost"));
    var first = rows.lostButTold().get(0);
    rows.heard(address(lost, "hash-lost"), "task-other", true, now);
    rows.settled(first);
    assertThat(rows.lostButTold()).as("another was named meanwhile").hasSize(1);
    rows.settled(rows.lostButTold().get(0));
    assertThat(rows.lostButTold()).isEmpty();
  }

  private NodeFolders folders(String node, Path inbox) {
    return new NodeFolders(database, node, Map.of(inbox, "inbox"), () -> now);
  }

  @Test
  void eachNodeHasItsOwnPathsAndDisks() {
    var here = folders("a", Path.of("/srv/inbox"));
    var there = folders("b", Path.of("/mnt/studio/inbox"));
    here.keep(Path.of("/srv/inbox"), "//nas/studio (cifs)");
    there.keep(Path.of("/mnt/studio/inbox"), "nas:/studio (nfs4)");
    there.keep(Path.of("/mnt/studio/inbox"), "nas:/studio (nfs)");

    assertThat(here.disks()).isEqualTo(Map.of(Path.of("/srv/inbox"), "//nas/studio (cifs)"));
    assertThat(there.disks()).isEqualTo(Map.of(Path.of("/mnt/studio/inbox"), "nas:/studio (nfs)"));
    assertThat(here.elsewhere())
        .singleElement()
        .asString()
        .contains("inbox", "/srv/inbox", "/mnt/studio/inbox", "node b");
    assertThat(folders("c", Path.of("/srv/inbox")).elsewhere()).hasSize(1);
  }

  @Test
  void whoeverUsesAKindOfFolderFirstMayMarkItAndAllOthersMustFindItMarked() {
    var first = folders("a", Path.of("/srv/inbox"));
    var second = folders("b", Path.of("/mnt/inbox"));
    assertThat(second.use(Path.of("/mnt/inbox"))).as("nobody uses one yet").isFalse();

    first.begin(Path.of("/srv/inbox"));
    second.begin(Path.of("/mnt/inbox"));
    second.begin(Path.of("/somewhere/else"));

    assertThat(first.use(Path.of("/srv/inbox"))).isFalse();
    assertThat(second.use(Path.of("/mnt/inbox"))).isTrue();
    assertThat(second.use(Path.of("/somewhere/else"))).isFalse();
    assertThat(second.marking()).as("the first has not kept it yet").isTrue();
    assertThat(first.marking()).isFalse();
    first.keep(Path.of("/srv/inbox"), "nas:/studio");
    assertThat(second.marking()).isFalse();
  }

  @Test
  void aNameThatAJobChoseIsNoOthersUntilItIsReleasedOrForgotten() {
    var names = new ChosenNames(database, () -> now);
    assertThat(names.take("file", List.of("a/x.mp4", "a/x.json"), "one")).isTrue();

    assertThat(names.take("file", List.of("a/x.json", "a/x.webm"), "two")).isFalse();
    assertThat(names.take("s3", List.of("a/x.json"), "two")).as("another target").isTrue();
    assertThat(names.take("file", List.of("a/x.mp4", "a/x.json"), "one")).as("again").isTrue();
    assertThat(names.take("file", List.of("a/x.webm"), "three"))
        .as("what could not be taken as a whole was not taken at all")
        .isTrue();

    names.release("file", "one");
    assertThat(names.take("file", List.of("a/x.json"), "two")).isTrue();
    pass(Duration.ofDays(2));
    assertThat(names.take("file", List.of("a/x.json"), "four")).as("left by a crash").isTrue();
  }

  @Test
  void aPromiseThatAnotherNodeTookOverIsNoLongerItsMakersToKeepOrToBreak() {
    var maker = new Reservations(database, "aaaaaaaaaaaa");
    var other = new Reservations(database, "bbbbbbbbbbbb");
    maker.keep(new Reservation("kd1", null, "c", "avatar", "x", now, false, List.of()));

    assertThat(other.adopted("kd1", now.minusSeconds(1))).as("too young").isFalse();
    assertThat(maker.adopted("kd1", now.minusSeconds(1))).as("its own").isTrue();
    assertThat(other.adopted("kd1", now.plusSeconds(1))).isTrue();

    maker.revealed("kd1");
    assertThat(other.unrevealed()).hasSize(1);
    assertThat(maker.withdrawn("kd1")).isFalse();
    assertThat(other.withdrawn("kd1")).isTrue();
    assertThat(other.of("kd1")).isEmpty();
  }

  @Test
  void whatIsRevealedIsNobodysToTakeOver() {
    var maker = new Reservations(database, "aaaaaaaaaaaa");
    maker.keep(new Reservation("kd1", null, "c", "avatar", "x", now, false, List.of()));
    maker.revealed("kd1");

    assertThat(new Reservations(database, "bbbbbbbbbbbb").adopted("kd1", now.plusSeconds(1)))
        .isFalse();
    assertThat(maker.withdrawn("kd1")).isFalse();
  }
}
