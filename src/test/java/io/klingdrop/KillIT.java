package io.klingdrop;

import static io.klingdrop.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.klingdrop.job.JobState;
import io.klingdrop.testing.AcceptedTask;
import io.klingdrop.testing.Answers;
import io.klingdrop.testing.AppProcess;
import io.klingdrop.testing.Behaviour;
import io.klingdrop.testing.Digests;
import io.klingdrop.testing.Endpoint;
import io.klingdrop.testing.FakeKie;
import io.klingdrop.testing.Faults;
import io.klingdrop.testing.Originals;
import io.klingdrop.testing.Patience;
import io.klingdrop.testing.TaskPlan;
import io.klingdrop.testing.TestMedia;
import io.klingdrop.testing.Workplace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** kill -9 at any moment, then a new start: no task twice, none forgotten, no file lost. */
class KillIT {

  @TempDir private Path temp;
  private Path folder;
  private FakeKie kie;
  private Workplace place;
  private Originals originals;
  private final CountDownLatch never = new CountDownLatch(1);

  @BeforeEach
  void open() throws Exception {
    folder = Files.createDirectories(temp.resolve("work"));
    kie = FakeKie.start();
    place = new Workplace(folder, kie);
    originals = new Originals(folder);
  }

  @AfterEach
  void close() {
    never.countDown();
    kie.close();
  }

  @Test
  void killedWhileAFileIsUploadedItUploadsAgain() throws Exception {
    var reached = new CountDownLatch(1);
    kie.on(Endpoint.UPLOAD).next(holdAt(reached, Faults.hangBeforeRead()));
    drop("pair", 1);

    killWhen(reached);
    assertThat(finish()).isZero();

    assertThat(kie.createCalls()).isEqualTo(1);
    assertDelivered(1);
  }

  @Test
  void killedBeforeCreateTaskWasAnsweredItNeverSendsAgain() throws Exception {
    var reached = new CountDownLatch(1);
    kie.on(Endpoint.CREATE_TASK).next(holdAt(reached, Faults.acceptThenHang()));
    drop("pair", 1);

    killWhen(reached);
    assertThat(finish()).isEqualTo(1);

    assertThat(kie.createCalls()).isEqualTo(1);
    assertThat(place.onlyJob().state()).isEqualTo(JobState.SUBMIT_UNKNOWN);
    assertThat(
            place
                .note("failed/submit-unknown/avatar/deep/pair/error.json")
                .path("charged")
                .asText())
        .isEqualTo("unknown");
    originals.assertEachInExactlyOnePlace();
  }

  @Test
  void killedRightAfterCreateTaskWasAnsweredItPaysOnce() throws Exception {
    var reached = new CountDownLatch(1);
    kie.on(Endpoint.CREATE_TASK)
        .next(
            turn -> {
              turn.send(turn.honest());
              reached.countDown();
            });
    drop("pair", 1);

    killWhen(reached);
    finish();

    assertThat(kie.createCalls()).isEqualTo(1);
    assertNothingTwiceNothingLost();
  }

  @Test
  void killedDuringAPollItAsksForTheOverdueTaskBeforeAnythingElse() throws Exception {
    kie.holdTasks();
    var reached = new CountDownLatch(1);
    kie.on(Endpoint.RECORD_INFO).next(Answers.ok(), Answers.ok(), holdAt(reached, Faults.hang()));
    drop("pair", 1);
    killWhen(reached);
    var overdue = kie.accepted().get(0).taskId();
    int before = kie.called().size();
    drop("later", 2);

    try (var app = start("run")) {
      await().until(() -> kie.called().size() > before);
      assertThat(kie.called().get(before)).isEqualTo("RECORD_INFO " + overdue);
      kie.releaseTasks();
      place.awaitJobs(JobState.DELIVERED, 2);
      await().until(() -> place.ask(queries -> queries.counts().open()) == 0);
      app.terminate();
      assertThat(app.exitCode()).isIn(0, 143);
    }
    assertDelivered(2);
  }

  @Test
  void killedInTheMiddleOfADownloadItDeliversTheWholeFilm() throws Exception {
    kie.plan().always(TaskPlan.succeeds().padding(2_000_000));
    var reached = new CountDownLatch(1);
    kie.on(Endpoint.RESULT)
        .next(
            turn -> {
              var reply = turn.honest();
              turn.sendHead(reply.with("Content-Length", Long.toString(reply.body().length())));
              turn.sendBytes(reply.body(), 0, 1_000_000);
              reached.countDown();
              turn.pauseUntil(never);
            });
    drop("pair", 1);

    killWhen(reached);
    assertThat(finish()).isZero();

    assertDelivered(1);
  }

  @Test
  void killedAtRandomMomentsThirtyPairsEndWell() throws Exception {
    kie.plan().always(TaskPlan.succeeds().after(Duration.ofMillis(300)));
    kie.on(Endpoint.CREATE_TASK).always(Answers.delay(Duration.ofMillis(60)));
    kie.on(Endpoint.UPLOAD).always(Answers.delay(Duration.ofMillis(20)));
    place.set("klingdrop.inbox.settle", "0ms");
    for (int i = 0; i < 30; i++) {
      drop("pair" + i, i);
    }
    var random = new Random(7);
    for (int i = 0; i < 6; i++) {
      try (var app = start("run").awaitReady()) {
        app.exited(Duration.ofMillis(random.nextInt(100, 1500)));
      }
    }
    finish();

    assertNothingTwiceNothingLost();
    assertThat(place.tree("inbox")).isEmpty();
    assertThat(place.tree("data/work")).allMatch(name -> name.endsWith("/bundle.json"));
  }

  @Test
  void aHundredPairsOfThreeModelsBecomeAHundredFilmsThoughKilledInTheMiddle() throws Exception {
    kie.plan().always(TaskPlan.succeeds().after(Duration.ofMillis(500)));
    for (int i = 0; i < 100; i++) {
      switch (i % 3) {
        case 0 -> drop("pair" + i, i);
        case 1 -> dropWithPrompt("v2-1", i);
        default -> dropWithPrompt("kling-2-6", i);
      }
    }
    var stuck = new AtomicInteger();
    var gate = kie.on(Endpoint.UPLOAD).when(call -> kie.accepted().size() >= 50);
    gate.always(
        turn -> {
          stuck.incrementAndGet();
          turn.pauseUntil(never);
        });
    try (var app = start("run")) {
      // all workers uploading, none paying: what a kill does to a call has its own tests above
      await().pollInterval(Duration.ofMillis(20)).until(() -> stuck.get() == 8);
      app.kill();
    }
    gate.clear();
    assertThat(finish()).isZero();

    assertThat(kie.createCalls()).isEqualTo(100);
    assertDelivered(100);
    assertThat(place.tree("outbox").stream().filter(name -> name.endsWith(".mp4"))).hasSize(100);
    assertThat(kie.accepted().stream().map(AcceptedTask::model).distinct()).hasSize(3);
  }

  @Test
  void aSecondOneOnTheSameDataFolderIsRefused() throws Exception {
    try (var first = start("run").awaitReady();
        var second = start("run")) {
      assertThat(second.exitCode()).isEqualTo(2);
      assertThat(second.printed()).contains("another klingdrop already runs");
      assertThat(first.alive()).isTrue();
    }
  }

  @Test
  void verbsWorkBesideARunningService() throws Exception {
    kie.on(Endpoint.CREATE_TASK).next(Faults.acceptThenReset());
    drop("pair", 1);
    try (var service = start("run")) {
      await().until(() -> kie.accepted().size() == 1);
      place.awaitJobs(JobState.SUBMIT_UNKNOWN, 1);
      await().until(() -> place.ask(queries -> queries.counts().open()) == 0);
      var job = place.onlyJob().id();
      try (var status = start("status");
          var attach = start("attach", job, kie.accepted().get(0).taskId())) {
        assertThat(status.exitCode()).as(status.printed()).isZero();
        assertThat(attach.exitCode()).as(attach.printed()).isZero();
      }
      place.awaitJobs(JobState.DELIVERED, 1);
      await().until(() -> place.ask(queries -> queries.counts().open()) == 0);
      assertThat(service.alive()).isTrue();
    }
    assertThat(kie.createCalls()).isEqualTo(1);
    assertDelivered(1);
  }

  @Test
  void askedToStopItSaysSoAndLeavesTheWholeLedgerInOneFile() throws Exception {
    kie.holdTasks();
    try (var app = start("run").awaitReady()) {
      drop("pair", 1);
      place.awaitJobs(JobState.RUNNING, 1);
      app.terminate();
      assertThat(app.exitCode()).isIn(0, 143);
      assertThat(app.output())
          .containsSubsequence(
              " on Java ",
              "inbox " + folder.toRealPath().resolve("inbox"),
              "accounts: kie",
              "ledger: no jobs under way",
              "page: off",
              "klingdrop ready in ",
              "stopping: nothing new begins",
              "stopped, 1 job under way; the next start goes on with them");
    }
    assertThat(folder.resolve("data/klingdrop.db-wal")).doesNotExist();
    assertThat(folder.resolve("data/klingdrop.db-shm")).doesNotExist();
  }

  @Test
  void askedToStopItFinishesTheCallThatIsUnderWay() throws Exception {
    var reached = new CountDownLatch(1);
    kie.on(Endpoint.CREATE_TASK)
        .next(
            turn -> {
              turn.honest();
              reached.countDown();
              turn.pause(Duration.ofSeconds(2));
              turn.send(turn.honest());
            });
    kie.holdTasks();
    drop("pair", 1);
    try (var app = start("run")) {
      assertThat(reached.await(Patience.LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
      app.terminate();
      assertThat(app.exitCode()).isIn(0, 143);
    }

    assertThat(place.onlyJob().state()).isEqualTo(JobState.RUNNING);
    assertThat(place.onlyJob().taskId()).isEqualTo(kie.accepted().get(0).taskId());
  }

  private static Behaviour holdAt(CountDownLatch reached, Behaviour behaviour) {
    return turn -> {
      reached.countDown();
      behaviour.play(turn);
    };
  }

  private AppProcess start(String... args) throws IOException {
    return AppProcess.start(folder, place.environment(), args);
  }

  private void killWhen(CountDownLatch reached) throws Exception {
    try (var app = start("run")) {
      assertThat(reached.await(Patience.LONG.toSeconds(), TimeUnit.SECONDS))
          .as(app.printed())
          .isTrue();
      app.kill();
    }
  }

  private int finish() throws Exception {
    try (var app = start("--exit-when-idle")) {
      return app.exitCode();
    }
  }

  private void drop(String name, int seed) throws IOException {
    originals.dropped(TestMedia.pair(place.inbox("avatar").resolve("deep"), name, seed));
  }

  private void dropWithPrompt(String profile, int seed) throws IOException {
    var inbox = place.inbox(profile);
    originals.dropped(TestMedia.png(inbox.resolve("pair" + seed + ".png"), 320, 320, seed));
    originals.dropped(Files.writeString(inbox.resolve("pair" + seed + ".txt"), "prompt " + seed));
  }

  private void assertDelivered(int count) throws IOException {
    assertThat(kie.accepted()).hasSize(count);
    assertThat(place.jobs()).hasSize(count).allMatch(job -> job.state() == JobState.DELIVERED);
    assertNothingTwiceNothingLost();
  }

  private void assertNothingTwiceNothingLost() throws IOException {
    originals.assertEachInExactlyOnePlace();
    assertThat(place.tree("outbox")).noneMatch(name -> name.contains(".part"));
    var tasksOfBundle =
        kie.accepted().stream()
            .collect(Collectors.groupingBy(AcceptedTask::media, Collectors.counting()));
    assertThat(tasksOfBundle.values()).allMatch(tasks -> tasks == 1);
    var jobs = place.jobs();
    var byTask =
        jobs.stream()
            .filter(job -> job.taskId() != null)
            .collect(Collectors.toMap(job -> job.taskId(), Function.identity()));
    var unknown = new ArrayList<>(place.ask(queries -> queries.in(JobState.SUBMIT_UNKNOWN)));
    var films = new ArrayList<>(films());
    for (var task : kie.accepted()) {
      var job = byTask.get(task.taskId());
      if (job == null) {
        var sources = task.media().values();
        assertThat(unknown)
            .as("a job for the task %s whose answer was lost", task.taskId())
            .anyMatch(
                lost -> lost.files().stream().anyMatch(file -> sources.contains(file.sha256())));
      } else {
        assertThat(job.state()).isEqualTo(JobState.DELIVERED);
        assertThat(films).contains(Digests.sha256(kie.resultBytes(task.taskId(), 1)));
      }
    }
    assertThat(films).hasSize(byTask.size());
  }

  private List<String> films() throws IOException {
    var films = new ArrayList<String>();
    for (var name : place.tree("outbox")) {
      if (name.endsWith(".mp4")) {
        films.add(Digests.sha256(folder.resolve("outbox").resolve(name)));
      }
    }
    return films;
  }
}
