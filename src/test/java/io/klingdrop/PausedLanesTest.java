package io.klingdrop;

import static io.klingdrop.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.klingdrop.job.JobState;
import io.klingdrop.testing.Answers;
import io.klingdrop.testing.AppProcess;
import io.klingdrop.testing.Endpoint;
import io.klingdrop.testing.FakeKie;
import io.klingdrop.testing.Http;
import io.klingdrop.testing.TestMedia;
import io.klingdrop.testing.Workplace;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A person pauses a lane: nothing new is paid there until a person resumes it. */
class PausedLanesTest {
  @TempDir private Path folder;
  private FakeKie kie;
  private Workplace place;
  private Http http;

  @BeforeEach
  void open() {
    kie = FakeKie.start();
    place = new Workplace(folder, kie);
    http = place.http();
  }

  @AfterEach
  void close() throws Exception {
    place.close();
    kie.close();
  }

  private String typed(int exitCode, String... words) throws Exception {
    return typed(exitCode, List.of(), words);
  }

  private String typed(int exitCode, List<String> options, String... words) throws Exception {
    try (var app = AppProcess.start(folder, place.environment(), options, words)) {
      assertThat(app.exitCode()).as(app.printed()).isEqualTo(exitCode);
      return exitCode == 0 ? app.output() : app.printed();
    }
  }

  private void drop(String... names) throws Exception {
    for (var name : names) {
      TestMedia.pair(place.inbox("avatar"), name, name.hashCode());
    }
  }

  private void awaitPaused(boolean paused) {
    await()
        .untilAsserted(
            () ->
                assertThat(
                        Http.json(http.get("/ops/api/lanes"))
                            .path("accounts")
                            .findValuesAsText("paused")
                            .contains("true"))
                    .isEqualTo(paused));
  }

  @Test
  void pausedItKeepsJobsFollowsTasksOutlivesARestartAndSaysSo() throws Exception {
    kie.holdTasks();
    drop("a", "b");
    place.start().awaitHttp(http);
    place.awaitJobs(JobState.RUNNING, 2);

    assertThat(typed(0, "pause", "kie")).contains("kie is paused", "klingdrop resume kie");
    awaitPaused(true);
    drop("c", "d");
    place.awaitJobs(JobState.READY, 2);
    kie.releaseTasks();
    place.awaitJobs(JobState.DELIVERED, 2);
    assertThat(place.tree("outbox")).contains("avatar/a.mp4", "avatar/b.mp4");

    place.close();
    place.start().awaitHttp(http);
    awaitPaused(true);
    http.awaitHealthy();
    assertThat(http.get("/observe/health").body()).contains("kie is paused by a person, since");
    assertThat(http.get("/observe/metrics").body()).contains("klingdrop_closed_lanes 1");
    // the page offers to look for a lost task where there is a way to find one
    assertThat(http.get("/ops/api/lanes").body())
        .contains("{\"provider\":\"kie\",\"setUp\":true,\"paused\":true,\"findsTasks\":false}");
    assertThat(typed(0, "status")).contains("lane: kie is paused by a person, since");
    var lane = new ObjectMapper().readTree(typed(0, "status", "--json")).at("/lanes/0");
    assertThat(lane.path("cause").asText()).isEqualTo("paused");
    assertThat(lane.path("nextLook").isNull()).isTrue();
    assertThat(typed(0, "why", "c")).contains("It waits: kie is paused by a person");
    assertThat(kie.createCalls()).isEqualTo(2);
    place.awaitJobs(JobState.READY, 2);

    assertThat(typed(0, "pause", "kie")).contains("paused already");
    assertThat(typed(0, "resume", "kie")).contains("kie goes on");
    place.awaitJobs(JobState.DELIVERED, 4);
    assertThat(kie.createCalls()).isEqualTo(4);
    assertThat(typed(0, "resume", "kie")).contains("was not paused");
    assertThat(typed(2, "pause", "kei")).contains("did you mean kie?");
  }

  @Test
  void aJobBeingSubmittedWhenThePauseComesIsFinished() throws Exception {
    kie.on(Endpoint.CREATE_TASK).next(Answers.delay(Duration.ofSeconds(2)));
    place.start().awaitHttp(http);
    drop("early");
    place.awaitJobs(JobState.SUBMITTING, 1);
    assertThat(http.post("/ops/api/lanes/kie/pause", "{}").statusCode()).isEqualTo(200);
    drop("later");

    place.awaitJobs(JobState.DELIVERED, 1);
    place.awaitJobs(JobState.READY, 1);
    assertThat(place.job("early").state()).isEqualTo(JobState.DELIVERED);
    assertThat(kie.createCalls()).isEqualTo(1);
  }

  @Test
  @Timeout(300)
  void overHttpItIsPausedAndResumedAndListenersAreTold() throws Exception {
    place.start().awaitHttp(http);
    try (var lines =
        new BufferedReader(
            new InputStreamReader(
                http.stream(http.to("/ops/api/events").build()).body(), StandardCharsets.UTF_8))) {
      awaitChange(lines);
      awaitChange(lines);
      var paused = http.post("/ops/api/lanes/kie/pause", "{}");
      assertThat(paused.statusCode()).as(paused.body()).isEqualTo(200);
      awaitChange(lines);
    }
    var closed = Http.json(http.get("/ops/api/lanes")).at("/closed/0");
    assertThat(closed.path("provider").asText()).isEqualTo("kie");
    assertThat(closed.path("cause").asText()).isEqualTo("paused");
    assertThat(closed.path("nextLook").isNull()).isTrue();
    assertThat(http.post("/ops/api/lanes/nobody/pause", "{}").statusCode()).isEqualTo(404);
    assertThat(http.get("/ops/api/lanes/kie/pause").statusCode()).isEqualTo(405);

    drop("one");
    place.awaitJobs(JobState.READY, 1);
    assertThat(http.post("/ops/api/lanes/kie/resume", "{}").body()).contains("kie goes on");
    place.awaitJobs(JobState.DELIVERED, 1);
    assertThat(kie.createCalls()).isEqualTo(1);
  }

  private static void awaitChange(BufferedReader lines) throws Exception {
    String line;
    do {
      line = lines.readLine();
    } while (line != null && !line.startsWith("data: "));
    assertThat(line).contains("states");
  }

  @Test
  void aLaneThatIsClosedTooIsNeitherLookedAtNorReopenedWhilePaused() throws Exception {
    var key = kie.key();
    kie.useKey("another");
    drop("one");
    place.start().awaitHttp(http);
    await().until(() -> kie.calls(Endpoint.CREDIT) >= 2);
    http.post("/ops/api/lanes/kie/pause", "{}");
    kie.useKey(key);
    var looks = kie.calls(Endpoint.CREDIT);
    await().during(Duration.ofSeconds(2)).until(() -> kie.calls(Endpoint.CREDIT) <= looks + 1);
    assertThat(Http.json(http.get("/ops/api/lanes")).path("closed")).hasSize(2);
    assertThat(kie.createCalls()).isZero();

    assertThat(http.post("/ops/api/lanes/kie/resume", "{}").body()).contains("But kie is closed");
    place.awaitJobs(JobState.DELIVERED, 1);
  }

  @Test
  void whoRunsUntilIdleIsNotKeptWaitingByAPausedLane() throws Exception {
    assertThat(typed(0, "pause", "kie")).contains("kie is paused");
    drop("one", "two");

    var launcher = List.of("-Dklingdrop.command=/opt/{}/klingdrop");
    var printed = typed(0, launcher, "run", "--exit-when-idle");

    assertThat(printed)
        .contains("2 jobs wait on the paused lane kie")
        .contains("To let jobs go: /opt/{}/klingdrop resume kie");
    assertThat(place.jobs()).hasSize(2).allMatch(job -> job.state() == JobState.READY);
    typed(0, "resume", "kie");
    assertThat(place.drain()).isZero();
    place.awaitJobs(JobState.DELIVERED, 2);
    assertThat(kie.createCalls()).isEqualTo(2);
  }
}
