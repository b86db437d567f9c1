package io.klingdrop;

import static io.klingdrop.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.klingdrop.job.JobState;
import io.klingdrop.testing.Answers;
import io.klingdrop.testing.FakeKling;
import io.klingdrop.testing.Faults;
import io.klingdrop.testing.Http;
import io.klingdrop.testing.KlingCallback;
import io.klingdrop.testing.KlingEndpoint;
import io.klingdrop.testing.KlingTask;
import io.klingdrop.testing.TaskPlan;
import io.klingdrop.testing.TestMedia;
import io.klingdrop.testing.Workplace;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Callbacks as Kling itself sends them, signed by Standard Webhooks, from its double to our port.
 */
class KlingCallbackJobsTest {
  private static final String SECRET = "whsec_dGVzdHNlY3JldHRlc3RzZWNyZXR0ZXN0c2VjcmV0MTI=";
  private static final String OTHER = "whsec_b3RoZXJzZWNyZXRvdGhlcnNlY3JldG90aGVyc2VjcmV0";

  @TempDir private Path folder;
  private FakeKling kling;
  private Workplace place;
  private Http http;

  @BeforeEach
  void open() {
    kling = FakeKling.start();
    kling.signCallbacks(SECRET);
    place = new Workplace(folder, "kling", kling);
    http = place.http();
    place.set("klingdrop.callback.public-url", http.at("").toString());
    place.set("klingdrop.provider.kling.callback-key", SECRET);
    // without a callback nothing would be looked at while a test lasts
    place.set("klingdrop.poll.first", "10m").set("klingdrop.poll.max", "10m");
  }

  @AfterEach
  void close() throws Exception {
    place.close();
    kling.close();
  }

  private KlingTask running() throws Exception {
    kling.holdTasks();
    drop();
    place.awaitJobs(JobState.RUNNING, 1);
    return kling.accepted().get(0);
  }

  private void drop() throws Exception {
    place.start().awaitHttp(http);
    TestMedia.pair(place.inbox("kling-avatar"), "one", 1);
  }

  @Test
  void aSignedCallbackWakesItsJobAndIsTakenAsOftenAsItComes() throws Exception {
    var task = running();
    assertThat(task.callbackUrl().orElseThrow())
        .matches(http.at("").toString() + "/callback/kling/[A-Za-z0-9_-]{43}");
    kling.finish(task.taskId());
    assertThat(kling.callBack(task.taskId())).isEqualTo(200);
    assertThat(kling.callBack(task.taskId())).isEqualTo(200);
    place.awaitJobs(JobState.DELIVERED, 1);
    assertThat(kling.callBack(task.taskId())).isEqualTo(200);
    assertThat(place.onlyJob().state()).isEqualTo(JobState.DELIVERED);
    assertThat(kling.queries(task.taskId())).isEqualTo(1);
    assertThat(kling.createCalls()).isEqualTo(1);
  }

  @Test
  void aForgedOneIsRefusedAndAsksNobodyAnything() throws Exception {
    var task = running();
    var url = task.callbackUrl().orElseThrow();
    var body = "{\"task_id\":\"" + task.taskId() + "\",\"task_status\":\"succeed\"}";
    var now = Instant.now();
    assertThat(KlingCallback.send(url, body, "", now)).isEqualTo(401);
    assertThat(KlingCallback.send(url, body, OTHER, now)).isEqualTo(401);
    assertThat(KlingCallback.send(url, body, SECRET, now.minusSeconds(600))).isEqualTo(401);
    assertThat(KlingCallback.send(url, body, SECRET, now.plusSeconds(600))).isEqualTo(401);
    assertThat(KlingCallback.send(url + "x", body, SECRET, now)).isEqualTo(404);
    assertThat(KlingCallback.send(url.replace("/kling/", "/kie/"), body, SECRET, now))
        .isEqualTo(404);
    assertThat(kling.queries()).isZero();

    // signed by who knows the secret, yet not true: the provider's own word counts
    assertThat(KlingCallback.send(url, body, SECRET, now)).isEqualTo(200);
    await().until(() -> kling.queries(task.taskId()) == 1);
    await().until(() -> place.onlyJob().progress().polls() == 1);
    assertThat(place.onlyJob().state()).isEqualTo(JobState.RUNNING);
    kling.finish(task.taskId());
    assertThat(kling.callBack(task.taskId())).isEqualTo(200);
    place.awaitJobs(JobState.DELIVERED, 1);
  }

  @Test
  void newsOnTheWayIsNoEnd() throws Exception {
    var task = running();
    assertThat(kling.callBack(task.taskId())).isEqualTo(200);
    assertThat(kling.callBack(task.taskId())).isEqualTo(200);
    kling.finish(task.taskId());
    assertThat(kling.callBack(task.taskId())).isEqualTo(200);
    place.awaitJobs(JobState.DELIVERED, 1);
    assertThat(kling.createCalls()).isEqualTo(1);
  }

  @Test
  void oneThatComesBeforeTheAnswerToCreateTaskIsNotLost() throws Exception {
    kling.on(KlingEndpoint.CREATE_AVATAR).next(Answers.delay(Duration.ofSeconds(3)));
    drop();
    await().until(() -> kling.accepted().size() == 1);
    var task = kling.accepted().get(0);
    assertThat(kling.callBack(task.taskId())).isEqualTo(200);
    assertThat(place.onlyJob().state()).isEqualTo(JobState.SUBMITTING);
    place.awaitJobs(JobState.DELIVERED, 1);
    assertThat(kling.createCalls()).isEqualTo(1);
  }

  @Test
  void aTaskThatFailedIsToldToo() throws Exception {
    kling.plan().always(TaskPlan.succeeds().held());
    drop();
    place.awaitJobs(JobState.RUNNING, 1);
    var task = kling.accepted().get(0);
    kling.fail(task.taskId(), "Failure to pass the risk control system");
    assertThat(kling.callBack(task.taskId())).isEqualTo(200);
    place.awaitJobs(JobState.FAILED, 1);
    assertThat(kling.createCalls()).isEqualTo(1);
  }

  @Test
  void aLostTaskIsBroughtHome() throws Exception {
    place.set("klingdrop.provider.kling.external-id-lookup", "off");
    kling.on(KlingEndpoint.CREATE_AVATAR).next(Faults.acceptThenReset());
    drop();
    place.awaitJobs(JobState.SUBMIT_UNKNOWN, 1);
    var task = kling.accepted().get(0);
    assertThat(kling.callBack(task.taskId())).isEqualTo(200);
    place.awaitJobs(JobState.DELIVERED, 1);
    assertThat(kling.createCalls()).isEqualTo(1);
    assertThat(place.onlyJob().taskId()).isEqualTo(task.taskId());
  }
}
