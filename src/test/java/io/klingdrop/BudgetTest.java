package io.klingdrop;

import static io.klingdrop.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.klingdrop.job.Job;
import io.klingdrop.job.JobState;
import io.klingdrop.testing.Answers;
import io.klingdrop.testing.AppProcess;
import io.klingdrop.testing.Call;
import io.klingdrop.testing.Endpoint;
import io.klingdrop.testing.FakeKie;
import io.klingdrop.testing.Faults;
import io.klingdrop.testing.Originals;
import io.klingdrop.testing.TaskPlan;
import io.klingdrop.testing.TestMedia;
import io.klingdrop.testing.Workplace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The cap on credits a day; each pair here speaks for 2.5 s, billed as two, and is expected to cost
 * 16.
 */
class BudgetTest {
  private static final String CAP = "klingdrop.budget.credits-per-day";

  @TempDir private Path folder;
  private FakeKie kie;
  private Workplace place;
  private Originals originals;
  private int seed;

  @BeforeEach
  void open() {
    kie = FakeKie.start();
    kie.plan().always(TaskPlan.succeeds().credits(16));
    place = new Workplace(folder, kie);
    originals = new Originals(folder);
  }

  @AfterEach
  void close() throws Exception {
    place.close();
    kie.close();
  }

  @Test
  void jobsBeyondTheCapWaitAndTheVerbsSayWhy() throws Exception {
    place.set(CAP, "40");
    drop("avatar", 4);
    assertThat(place.drain()).isZero();

    assertThat(kie.accepted()).hasSize(2);
    assertThat(kie.uploads()).hasSize(4);
    var waiting = place.ask(queries -> queries.in(JobState.READY));
    assertThat(waiting).hasSize(2);
    var midnight = Instant.now().truncatedTo(ChronoUnit.DAYS).plus(1, ChronoUnit.DAYS);
    assertThat(waiting).allMatch(job -> job.times().due().equals(midnight));
    assertThat(run("status"))
        .contains("32 of 40 credits", "waiting for money: 2 jobs", "the cap " + CAP);
    assertThat(run("why", waiting.get(0).id()))
        .contains("It waits for money", "needs about 16", midnight.toString());
    drop("avatar", 1);
    assertThat(run("plan")).contains("32 of 40 credits", "1 of them would wait");
    originals.assertEachInExactlyOnePlace();

    place.set(CAP, "80").start();
    place.awaitJobs(JobState.DELIVERED, 5);
    assertThat(kie.accepted()).hasSize(5);
    assertThat(spent()).containsEntry("avatar", 80.0);
  }

  @Test
  void whatTheProviderReallyTookReplacesTheEstimate() throws Exception {
    place.set(CAP, "30");
    kie.plan().always(TaskPlan.succeeds().credits(6).held());
    drop("avatar", 2);
    place.start();
    await().until(() -> place.ask(queries -> queries.counts().held()) == 1);
    await().until(() -> kie.accepted().size() == 1);
    kie.finish(kie.accepted().get(0).taskId());

    await().until(() -> kie.accepted().size() == 2);
    kie.finish(kie.accepted().get(1).taskId());
    place.awaitJobs(JobState.DELIVERED, 2);
    assertThat(spent()).containsEntry("avatar", 12.0);
  }

  @Test
  void whatWasRefusedGivesItsMoneyBackAndALostAnswerKeepsIt() throws Exception {
    place.set(CAP, "32");
    kie.on(Endpoint.CREATE_TASK)
        .next(
            Answers.envelope(422, "no face in the image"),
            Answers.envelope(501, "try again"),
            Faults.acceptThenReset());
    drop("avatar", 4);
    place.start();
    place.awaitJobs(JobState.SUBMIT_UNKNOWN, 1);
    place.awaitJobs(JobState.DELIVERED, 1);
    await().until(() -> place.ask(queries -> queries.counts().held()) == 1);

    place.awaitJobs(JobState.FAILED, 1);
    assertThat(spent()).containsEntry("avatar", 32.0);
    assertThat(kie.accepted()).hasSize(2);
  }

  @Test
  void moneyThatWasSetAsideBeforeAKillStaysSetAside() throws Exception {
    place.set(CAP, "16").set("klingdrop.inbox.settle", "0ms");
    drop("avatar", 2);
    var dying = List.of("-Dklingdrop.crash=submit.submitting-committed");
    try (var app = AppProcess.start(folder, place.environment(), dying, "--exit-when-idle")) {
      assertThat(app.exitCode()).as(app.printed()).isEqualTo(137);
    }
    assertThat(spent()).containsEntry("avatar", 16.0);

    assertThat(place.drain()).isEqualTo(1);
    assertThat(place.jobs())
        .extracting(Job::state)
        .containsExactlyInAnyOrder(JobState.SUBMIT_UNKNOWN, JobState.READY);
    assertThat(kie.createCalls()).isZero();
    assertThat(spent()).containsEntry("avatar", 16.0);
  }

  @Test
  void aProfileHasACapOfItsOwnAndTheOthersGoOn() throws Exception {
    profile("poor", "budget: {credits-per-day: 24}");
    profile("rich", "");
    drop("poor", 2);
    drop("rich", 2);
    assertThat(place.drain()).isZero();

    assertThat(place.tree("outbox")).filteredOn(name -> name.endsWith(".mp4")).hasSize(3);
    var waiting = place.ask(queries -> queries.in(JobState.READY));
    assertThat(waiting).singleElement().matches(job -> job.profile().equals("poor"));
  }

  @Test
  void jobsOfUnknownPriceWaitUnderACapUntilAPersonAllowsThem() throws Exception {
    place.set(CAP, "1000");
    var inbox = place.inbox("v2-1");
    originals.dropped(TestMedia.png(inbox.resolve("lake.png"), 320, 320, 1));
    originals.dropped(Files.writeString(inbox.resolve("lake.txt"), "a lake"));
    assertThat(place.drain()).isZero();

    assertThat(kie.createCalls()).isZero();
    assertThat(kie.uploads()).isEmpty();
    var job = place.onlyJob();
    assertThat(place.ask(queries -> queries.history().held(job.id())).orElseThrow())
        .contains("price", "klingdrop.budget.unknown-price");

    place.set("klingdrop.budget.unknown-price", "allow");
    assertThat(place.drain()).isZero();
    assertThat(place.onlyJob().state()).isEqualTo(JobState.DELIVERED);
    assertThat(spent()).containsEntry("v2-1", 16.0);
  }

  @Test
  void theNextAttemptOfAFailedGenerationNeedsMoneyToo() throws Exception {
    place.set(CAP, "24");
    profile("avatar", "retry: {generation: 1}");
    kie.plan().when(Call.promptContains("unlucky")).always(TaskPlan.fails("501", "no luck").held());
    originals.dropped(Files.writeString(place.inbox("avatar").resolve("first.txt"), "unlucky"));
    originals.dropped(TestMedia.pair(place.inbox("avatar"), "first", 77));
    place.start();
    await().until(() -> kie.accepted().size() == 1);
    drop("avatar", 1);
    await().until(() -> place.ask(queries -> queries.counts().held()) == 1);
    await().until(() -> kie.accepted().size() == 1);
    kie.fail(kie.accepted().get(0).taskId(), "501", "no luck", 0);

    place.awaitJobsAsTimeGoes(JobState.DELIVERED, 1);
    await().until(() -> place.ask(queries -> queries.counts().held()) == 1);
    assertThat(place.job("first").state()).isEqualTo(JobState.READY);
    assertThat(kie.accepted()).hasSize(2);
  }

  @Test
  void aResubmittedJobWaitsForMoneyLikeAnyOther() throws Exception {
    place.set(CAP, "40");
    kie.plan().next(TaskPlan.fails("501", "no luck").credits(16));
    kie.plan().next(TaskPlan.fails("501", "no luck").credits(16));
    drop("avatar", 2);
    assertThat(place.drain()).isEqualTo(2);

    assertThat(run("resubmit", "--class", "generation", "--yes"))
        .contains(
            "2 jobs", "about 32 credits", "does not reach for 2 of them", "2 of 2 jobs: done");
    place.start();
    await().until(() -> place.ask(queries -> queries.counts().held()) == 2);
    await().until(() -> kie.createCalls() == 2);
    assertThat(spent()).containsEntry("avatar", 32.0);
    place.close();

    place.set(CAP, "50").start();
    place.awaitJobs(JobState.DELIVERED, 1);
    await().until(() -> place.ask(queries -> queries.counts().held()) == 1);
    await().until(() -> kie.createCalls() == 3);
  }

  private Map<String, Double> spent() {
    return place.ask(queries -> queries.counts().spent(place.time().instant()));
  }

  private String run(String... args) throws Exception {
    try (var app = AppProcess.start(folder, place.environment(), args)) {
      assertThat(app.exitCode()).as(app.printed()).isZero();
      return app.printed();
    }
  }

  private void profile(String name, String more) throws IOException {
    Files.createDirectories(folder.resolve("config/profiles"));
    Files.writeString(
        folder.resolve("config/profiles/" + name + ".yaml"),
        "provider: kie\nmodel: kling/v1-avatar-standard\n" + more + "\n");
  }

  private void drop(String profile, int count) throws IOException {
    for (int i = 0; i < count; i++) {
      originals.dropped(TestMedia.pair(place.inbox(profile), "pair" + seed, seed++));
    }
  }
}
