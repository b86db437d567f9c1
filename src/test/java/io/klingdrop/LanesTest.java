package io.klingdrop;

import static io.klingdrop.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.klingdrop.job.FailureClass;
import io.klingdrop.job.JobState;
import io.klingdrop.testing.Answers;
import io.klingdrop.testing.Call;
import io.klingdrop.testing.Endpoint;
import io.klingdrop.testing.FakeKie;
import io.klingdrop.testing.Originals;
import io.klingdrop.testing.TestMedia;
import io.klingdrop.testing.Workplace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Answers about the account: all jobs wait, none fails, and the lane opens again by itself. */
class LanesTest {
  @TempDir private Path folder;
  private FakeKie kie;
  private Workplace place;
  private Originals originals;

  @BeforeEach
  void open() {
    kie = FakeKie.start();
    place = new Workplace(folder, kie);
    originals = new Originals(folder);
  }

  @AfterEach
  void close() throws Exception {
    place.close();
    kie.close();
  }

  @Test
  void aWrongKeyLetsAllJobsWaitAndIsNotHammered() throws Exception {
    var key = kie.key();
    kie.useKey("another");
    drop("avatar", 6);
    place.start();
    place.awaitJobs(JobState.READY, 6);
    awaitCalls(Endpoint.CREDIT, 4);

    assertThat(kie.calls(Endpoint.UPLOAD)).isEqualTo(1);
    assertThat(kie.createCalls()).isZero();
    assertThat(kie.unauthorised()).isEqualTo(kie.calls(Endpoint.CREDIT) + 1);
    assertThat(kie.maxCallsInWindow(Endpoint.CREDIT, Duration.ofMillis(900)))
        .isLessThanOrEqualTo(5);
    place.close();
    kie.useKey(key);
    place.start();

    place.awaitJobs(JobState.DELIVERED, 6);
    assertThat(kie.createCalls()).isEqualTo(6);
  }

  @Test
  void aKeyThatIsTakenBackStopsThePollsUntilItWorksAgain() throws Exception {
    var key = kie.key();
    kie.holdTasks();
    drop("avatar", 3);
    place.start();
    place.awaitJobs(JobState.RUNNING, 3);
    kie.useKey("another");
    awaitCalls(Endpoint.CREDIT, 2);
    int polls = kie.calls(Endpoint.RECORD_INFO);
    awaitCalls(Endpoint.CREDIT, 5);
    assertThat(kie.calls(Endpoint.RECORD_INFO)).isLessThanOrEqualTo(polls + 1);
    kie.useKey(key);
    kie.releaseTasks();

    place.awaitJobs(JobState.DELIVERED, 3);
    assertThat(kie.createCalls()).isEqualTo(3);
  }

  @Test
  void withoutCreditAllJobsWait() throws Exception {
    kie.on(Endpoint.CREATE_TASK)
        .always(Answers.envelope(402, "The current credits are insufficient. Please top up."));
    drop("avatar", 4);
    place.start();
    awaitCalls(Endpoint.CREATE_TASK, 3);
    assertWaiting(4);
    kie.on(Endpoint.CREATE_TASK).always(Answers.envelope(500, "Credits insufficient"));
    int soFar = kie.createCalls();
    awaitCalls(Endpoint.CREATE_TASK, soFar + 2);
    assertWaiting(4);
    assertThat(kie.maxCallsInWindow(Endpoint.CREATE_TASK, Duration.ofMillis(300)))
        .isLessThanOrEqualTo(2);
    kie.balance("0");
    int beforeEmpty = kie.createCalls();
    awaitCalls(Endpoint.CREDIT, kie.calls(Endpoint.CREDIT) + 3);
    assertThat(kie.createCalls()).isLessThanOrEqualTo(beforeEmpty + 1);
    kie.balance("1000");
    kie.on(Endpoint.CREATE_TASK).clear();

    place.awaitJobs(JobState.DELIVERED, 4);
    assertThat(kie.accepted()).hasSize(4);
  }

  @Test
  void duringMaintenanceAllJobsWait() throws Exception {
    kie.on(Endpoint.CREATE_TASK).always(Answers.envelope(455, "Service is under maintenance"));
    drop("avatar", 4);
    place.start();
    awaitCalls(Endpoint.CREATE_TASK, 3);
    assertWaiting(4);
    assertThat(kie.maxCallsInWindow(Endpoint.CREATE_TASK, Duration.ofMillis(150)))
        .isLessThanOrEqualTo(2);
    kie.on(Endpoint.CREATE_TASK).clear();

    place.awaitJobs(JobState.DELIVERED, 4);
    assertThat(kie.accepted()).hasSize(4);
  }

  @Test
  void aDisabledModelStopsThatModelAlone() throws Exception {
    kie.on(Endpoint.CREATE_TASK)
        .when(Call.modelContains("avatar"))
        .always(Answers.envelope(505, "Feature disabled"));
    drop("avatar", 3);
    place.start();
    awaitCalls(Endpoint.CREATE_TASK, 2);
    for (int i = 0; i < 3; i++) {
      TestMedia.png(place.inbox("v2-1").resolve("still" + i + ".png"), 320, 320, 50 + i);
      Files.writeString(place.inbox("v2-1").resolve("still" + i + ".txt"), "waves " + i);
    }
    place.awaitJobs(JobState.DELIVERED, 3);
    await()
        .untilAsserted(
            () -> {
              var waiting = place.ask(queries -> queries.in(JobState.READY));
              assertThat(waiting).hasSize(3).allMatch(job -> job.profile().equals("avatar"));
            });
    kie.on(Endpoint.CREATE_TASK).clear();

    place.awaitJobs(JobState.DELIVERED, 6);
    assertThat(kie.accepted()).hasSize(6);
  }

  @Test
  void retryAfterIsObeyed() throws Exception {
    kie.on(Endpoint.CREATE_TASK).next(Answers.retryAfter(429, "2"));
    drop("avatar", 2);
    place.start();

    place.awaitJobs(JobState.DELIVERED, 2);
    var calls = kie.callTimes(Endpoint.CREATE_TASK);
    assertThat(calls).hasSize(3);
    assertThat(Duration.between(calls.get(0), calls.get(1)))
        .isGreaterThanOrEqualTo(Duration.ofMillis(1990));
  }

  @Test
  void aProviderThatNeverTakesTheTaskFailsAsProviderAndCostsNothing() throws Exception {
    place.set("klingdrop.submit.give-up", "1s");
    kie.on(Endpoint.CREATE_TASK)
        .when(Call.promptContains("busy"))
        .always(Answers.envelope(500, "Server exception, please try again later"));
    kie.on(Endpoint.CREATE_TASK).when(Call.promptContains("rate")).always(Answers.tooFrequent());
    for (var name : new String[] {"busy", "rate"}) {
      originals.dropped(
          Files.writeString(place.inbox("avatar").resolve(name + ".txt"), "stays " + name));
      originals.dropped(TestMedia.pair(place.inbox("avatar"), name, name.hashCode()));
    }
    place.start();

    place.awaitJobs(JobState.FAILED, 2);
    awaitFiled();

    assertThat(kie.accepted()).isEmpty();
    for (var name : new String[] {"busy", "rate"}) {
      var job = place.job(name);
      assertThat(job.failure()).isNotNull();
      assertThat(job.failure().failureClass()).isEqualTo(FailureClass.PROVIDER);
      var error = place.note("failed/provider/avatar/" + name + "/error.json");
      assertThat(error.path("charged").asText()).isEqualTo("no");
      assertThat(error.path("failCode").asText()).isEqualTo(name.equals("busy") ? "500" : "429");
      assertThat(error.path("httpStatus").asInt()).isEqualTo(200);
    }
    originals.assertEachInExactlyOnePlace();

    kie.on(Endpoint.CREATE_TASK).clear();
    Files.move(
        folder.resolve("failed/provider/avatar/busy"), place.inbox("avatar").resolve("busy"));
    place.awaitJobs(JobState.DELIVERED, 1);
    assertThat(kie.accepted()).hasSize(1);
  }

  @Test
  void refusedUploadsEndAsProviderToo() throws Exception {
    place.set("klingdrop.submit.give-up", "1s");
    kie.on(Endpoint.UPLOAD).always(Answers.status(500));
    drop("avatar", 1);
    place.start();

    place.awaitJobs(JobState.FAILED, 1);
    awaitFiled();

    assertThat(kie.createCalls()).isZero();
    assertThat(place.tree("failed")).contains("provider/avatar/pair0/error.txt");
    originals.assertEachInExactlyOnePlace();
  }

  private void assertWaiting(int jobs) {
    await().until(() -> place.jobs().size() == jobs);
    assertThat(place.jobs())
        .hasSize(jobs)
        .allMatch(job -> job.state() == JobState.READY || job.state() == JobState.SUBMITTING);
  }

  private void drop(String profile, int count) throws IOException {
    for (int i = 0; i < count; i++) {
      originals.dropped(TestMedia.pair(place.inbox(profile), "pair" + i, i));
    }
  }

  private void awaitCalls(Endpoint endpoint, int count) {
    place.await(() -> kie.calls(endpoint) >= count);
  }

  private void awaitFiled() {
    place.await(() -> place.ask(queries -> queries.counts().open()) == 0);
  }
}
