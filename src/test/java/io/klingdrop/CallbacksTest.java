package io.klingdrop;

import static io.klingdrop.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.klingdrop.job.JobState;
import io.klingdrop.testing.AcceptedTask;
import io.klingdrop.testing.AppProcess;
import io.klingdrop.testing.Endpoint;
import io.klingdrop.testing.FakeKie;
import io.klingdrop.testing.Faults;
import io.klingdrop.testing.Http;
import io.klingdrop.testing.TestMedia;
import io.klingdrop.testing.Workplace;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What callbacks set in motion, and what they cannot. */
class CallbacksTest {
  private static final String KEY = "hmac-key-of-the-account";
  private static final Duration TASK_TIME = Duration.ofSeconds(2);

  @TempDir private Path folder;
  private FakeKie kie;
  private Workplace place;
  private Http http;

  @BeforeEach
  void open() {
    kie = FakeKie.start();
    place = new Workplace(folder, kie);
    http = place.http();
    place.set("klingdrop.callback.public-url", http.at("").toString());
    // without a callback nothing would be looked at while a test lasts
    place.set("klingdrop.poll.first", "10m").set("klingdrop.poll.max", "10m");
  }

  @AfterEach
  void close() throws Exception {
    place.close();
    kie.close();
  }

  private AcceptedTask running() throws IOException {
    kie.holdTasks();
    place.start().awaitHttp(http);
    TestMedia.pair(place.inbox("avatar"), "one", 1);
    // a turn of the time would bring the regular look
    place.awaitJobsAsTimeGoes(JobState.RUNNING, 1);
    return kie.accepted().get(0);
  }

  private int post(URI to, String body, String... headers) {
    var request = http.to(to.getPath()).POST(BodyPublishers.ofString(body));
    request.header("Content-Type", "application/json");
    if (headers.length > 0) {
      request.headers(headers);
    }
    return http.send(request.build()).statusCode();
  }

  /** The figures, as the operator's own programs ask for them. */
  private String metrics() throws IOException {
    var token = Files.readString(folder.resolve("data/operator-token")).strip();
    var ask = http.to("/observe/metrics").header("Authorization", "Bearer " + token);
    return http.send(ask.build()).body();
  }

  @Test
  void aCallbackWakesItsJobAndTheProvidersWordCounts() throws Exception {
    var task = running();
    assertThat(task.callBackUrl().orElseThrow())
        .matches(http.at("").toString() + "/callback/kie/[A-Za-z0-9_-]{43}");
    kie.finish(task.taskId());
    assertThat(kie.callBack(task.taskId())).isEqualTo(200);
    assertThat(kie.callBack(task.taskId())).isEqualTo(200);
    place.awaitJobs(JobState.DELIVERED, 1);
    assertThat(kie.recordInfoCalls()).isEqualTo(1);
    assertThat(kie.callBack(task.taskId())).isEqualTo(200);
    assertThat(place.onlyJob().state()).isEqualTo(JobState.DELIVERED);
  }

  @Test
  void aCallbackThatLiesAboutTheEndChangesNothing() throws Exception {
    var task = running();
    var url = URI.create(task.callBackUrl().orElseThrow());
    var lie =
        """
        {"code":200,"msg":"success","data":{"taskId":"%s","state":"success",
         "resultJson":"{\\"resultUrls\\":[\\"http://127.0.0.1:1/evil.mp4\\"]}"}}\
        """
            .formatted(task.taskId());
    assertThat(post(url, lie)).isEqualTo(200);
    await().until(() -> kie.recordInfoCalls() == 1);
    await().until(() -> place.onlyJob().progress().polls() == 1);
    assertThat(place.onlyJob().state()).isEqualTo(JobState.RUNNING);
    kie.finish(task.taskId());
    assertThat(post(url, "{\"taskId\":\"" + task.taskId() + "\"}")).isEqualTo(200);
    place.awaitJobs(JobState.DELIVERED, 1);
  }

  @Test
  void onlyTheSecretOpensTheDoorAndOnlyForItsProvider() throws Exception {
    var task = running();
    var url = task.callBackUrl().orElseThrow();
    var body = "{\"data\":{\"taskId\":\"" + task.taskId() + "\",\"state\":\"success\"}}";
    for (var wrong :
        List.of(
            url.replace("/kie/", "/kling/"),
            url + "x",
            url.substring(0, url.length() - 1) + (url.endsWith("A") ? "B" : "A"),
            http.at("/callback/kie/") + "A".repeat(43))) {
      assertThat(post(URI.create(wrong), body)).as(wrong).isEqualTo(404);
    }
    assertThat(post(URI.create(url), "not json")).isEqualTo(401);
    assertThat(kie.recordInfoCalls()).isZero();
  }

  @Test
  void withAKeyTheSignatureMustFitAndBeFresh() throws Exception {
    place.set("klingdrop.provider.kie.callback-key", KEY);
    var task = running();
    var url = URI.create(task.callBackUrl().orElseThrow());
    var body = "{\"data\":{\"task_id\":\"" + task.taskId() + "\"}}";
    assertThat(post(url, body)).isEqualTo(401);
    kie.signCallbacks("another-key");
    assertThat(kie.callBack(task.taskId())).isEqualTo(401);
    assertThat(post(url, body, "X-Webhook-Timestamp", "1700000000", "X-Webhook-Signature", "AAAA"))
        .isEqualTo(401);
    assertThat(kie.recordInfoCalls()).isZero();
    kie.signCallbacks(KEY);
    kie.finish(task.taskId());
    assertThat(kie.callBack(task.taskId())).isEqualTo(200);
    place.awaitJobs(JobState.DELIVERED, 1);
  }

  @Test
  void aFloodOfForgedOnesIsCountedAndFillsNoLog() throws Exception {
    place.set("klingdrop.provider.kie.callback-key", KEY);
    kie.holdTasks();
    try (var app = AppProcess.start(folder, place.environment(), "run").awaitReady()) {
      TestMedia.pair(place.inbox("avatar"), "one", 1);
      place.awaitJobs(JobState.RUNNING, 1);
      var url = URI.create(kie.accepted().get(0).callBackUrl().orElseThrow());
      for (int i = 0; i < 200; i++) {
        assertThat(post(url, "{\"taskId\":\"" + i + "\"}")).isEqualTo(401);
      }
      await()
          .untilAsserted(
              () ->
                  assertThat(metrics())
                      .contains("klingdrop_callbacks_total{outcome=\"refused\"} 200"));
      assertThat(app.printed().lines().filter(line -> line.contains("is refused")))
          .hasSizeBetween(1, 2);
    }
  }

  @Test
  void aLostTaskIsBroughtHomeByItsCallback() throws Exception {
    kie.on(Endpoint.CREATE_TASK).next(Faults.acceptThenReset());
    place.start().awaitHttp(http);
    TestMedia.pair(place.inbox("avatar"), "lost", 1);
    place.awaitJobs(JobState.SUBMIT_UNKNOWN, 1);
    var task = kie.accepted().get(0);
    assertThat(kie.callBack(task.taskId())).isEqualTo(200);
    place.awaitJobs(JobState.DELIVERED, 1);
    assertThat(kie.createCalls()).isEqualTo(1);
    assertThat(place.onlyJob().taskId()).isEqualTo(task.taskId());
    assertThat(place.ask(queries -> queries.history().timeline(place.onlyJob().id())).toString())
        .contains("a callback named its task");
  }

  @Test
  void aCallbackThatCannotBeWrittenDownIsNotThankedForAndCountsLaterAllTheSame() throws Exception {
    var task = running();
    sql("create trigger refuse before update on callback begin select raise(abort, 'full'); end");
    kie.finish(task.taskId());

    assertThat(kie.callBack(task.taskId())).isEqualTo(503);

    assertThat(place.onlyJob().state()).isEqualTo(JobState.RUNNING);
    sql("drop trigger refuse");
    place.awaitJobs(JobState.DELIVERED, 1);
  }

  private void sql(String change) throws Exception {
    try (var ledger =
            DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("data/klingdrop.db"));
        var statement = ledger.createStatement()) {
      statement.execute("pragma busy_timeout = 60000");
      statement.executeUpdate(change);
    }
  }

  @Test
  void aTaskOfAnotherRequestIsNotTakenForTheLostOne() throws Exception {
    kie.holdTasks();
    place.start().awaitHttp(http);
    TestMedia.pair(place.inbox("avatar"), "first", 1);
    place.awaitJobs(JobState.RUNNING, 1);
    kie.on(Endpoint.CREATE_TASK).next(Faults.acceptThenReset());
    TestMedia.pair(place.inbox("avatar"), "lost", 2);
    place.awaitJobs(JobState.SUBMIT_UNKNOWN, 1);
    var other = kie.accepted().get(0);
    var lost = kie.accepted().get(1);
    var url = URI.create(lost.callBackUrl().orElseThrow());
    var asked = kie.recordInfoCalls();
    assertThat(post(url, "{\"taskId\":\"" + other.taskId() + "\",\"state\":\"success\"}"))
        .isEqualTo(200);
    assertThat(post(url, "{\"taskId\":\"nobody-knows-this-one\"}")).isEqualTo(200);
    await().until(() -> kie.recordInfoCalls() > asked);
    assertThat(place.job("lost").state()).isEqualTo(JobState.SUBMIT_UNKNOWN);
    assertThat(kie.callBack(lost.taskId())).isEqualTo(200);
    place.awaitJobs(JobState.RUNNING, 2);
  }

  @Test
  void manyJobsAreToldAndHardlyAskedFor() throws Exception {
    var jobs = Integer.getInteger("klingdrop.callback.jobs", 40);
    place.set("klingdrop.provider.kie.callback-key", KEY).set("klingdrop.poll.first", "0ms");
    kie.signCallbacks(KEY);
    kie.taskTime(TASK_TIME);
    for (int i = 0; i < jobs; i++) {
      TestMedia.pair(place.inbox("avatar"), "job" + i, 100 + i);
    }
    place.start().awaitHttp(http);
    var forged = ConcurrentHashMap.<Integer>newKeySet();
    try (var caller = new Caller(kie, true, forged)) {
      place.awaitJobs(JobState.DELIVERED, jobs);
      await().until(() -> caller.called.size() == jobs);
    }
    assertThat(forged).isSubsetOf(401, 404);
    assertThat(kie.createCalls()).isEqualTo(jobs);
    await()
        .untilAsserted(
            () ->
                assertThat(metrics())
                    .contains(
                        "klingdrop_callbacks_total{outcome=\"accepted\"} " + jobs,
                        "klingdrop_callbacks_total{outcome=\"refused\"} " + 2 * jobs));
    for (var task : kie.accepted()) {
      assertThat(kie.recordInfoCalls(task.taskId())).as(task.taskId()).isBetween(1, 2);
    }
  }

  @Test
  void aPublicAddressThatLeadsNowhereCostsNoJob() throws Exception {
    place
        .set("klingdrop.callback.public-url", "http://127.0.0.1:" + Http.freePort())
        .set("klingdrop.poll.first", "0ms")
        .set("klingdrop.poll.max", "200ms");
    kie.taskTime(TASK_TIME);
    for (int i = 0; i < 10; i++) {
      TestMedia.pair(place.inbox("avatar"), "job" + i, 100 + i);
    }
    place.start();
    place.awaitJobs(JobState.DELIVERED, 10);
    assertThat(kie.createCalls()).isEqualTo(10);
    for (var task : kie.accepted()) {
      assertThat(kie.recordInfoCalls(task.taskId())).as("asked, as nobody called").isPositive();
    }
    assertThat(http.get("/observe/metrics").body())
        .doesNotContain("klingdrop_callbacks_total{outcome=\"accepted\"} 1");
  }

  /** The provider's side: calls once for every task that has ended, with forged calls around it. */
  private final class Caller implements AutoCloseable {
    private final Set<String> begun = ConcurrentHashMap.newKeySet();
    private final Set<String> called = ConcurrentHashMap.newKeySet();
    private final java.util.concurrent.ScheduledExecutorService clock =
        Executors.newSingleThreadScheduledExecutor();

    Caller(FakeKie kie, boolean forge, Set<Integer> forged) {
      clock.scheduleWithFixedDelay(
          () -> {
            for (var task : new HashSet<>(kie.accepted())) {
              if (task.at().plus(TASK_TIME).isBefore(Instant.now()) && begun.add(task.taskId())) {
                call(kie, task, forge, forged);
                called.add(task.taskId());
              }
            }
          },
          50,
          50,
          TimeUnit.MILLISECONDS);
    }

    private void call(FakeKie kie, AcceptedTask task, boolean forge, Set<Integer> forged) {
      try {
        var url = task.callBackUrl().orElseThrow();
        if (forge) {
          var body = "{\"data\":{\"taskId\":\"" + task.taskId() + "\",\"state\":\"fail\"}}";
          forged.add(post(URI.create(url), body));
          forged.add(post(URI.create(url.substring(0, url.length() - 4)), body));
        }
        assertThat(kie.callBack(task.taskId())).isEqualTo(200);
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }

    @Override
    public void close() {
      clock.shutdownNow();
    }
  }
}
