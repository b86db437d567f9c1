package io.klingdrop;

import static io.klingdrop.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.klingdrop.job.JobState;
import io.klingdrop.testing.Answers;
import io.klingdrop.testing.Call;
import io.klingdrop.testing.Digests;
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
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What klingdrop promises, each promise in a test of its name. Everything real but the provider.
 */
class PromisesTest {
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
  void atMostOnePaidTaskPerBundleUnderWhateverNameItComesAgain() throws Exception {
    place.start();
    kie.holdTasks();
    var first = TestMedia.pair(place.inbox("avatar"), "first", 1);
    originals.dropped(first);
    var kept = Files.createDirectories(folder.resolve("kept"));
    Files.copy(first.image(), kept.resolve("image"));
    Files.copy(first.audio(), kept.resolve("audio"));
    place.awaitJobs(JobState.RUNNING, 1);

    drop(kept, place.inbox("avatar").resolve("elsewhere"), "during");
    place.awaitJobs(JobState.DUPLICATE, 1);
    kie.finish(kie.accepted().get(0).taskId());
    place.awaitJobs(JobState.DELIVERED, 1);
    drop(kept, place.inbox("avatar"), "after");
    place.awaitJobs(JobState.DUPLICATE, 2);
    awaitFiled();

    assertThat(kie.createCalls()).isEqualTo(1);
    var job = place.job("first").id();
    var during = place.note("duplicates/avatar/elsewhere/during/duplicate.json");
    assertThat(during.path("duplicateOf").asText()).isEqualTo(job);
    assertThat(during.path("nextStep").asText()).contains("under way");
    var after = place.note("duplicates/avatar/after/duplicate.json");
    assertThat(after.path("duplicateOf").asText()).isEqualTo(job);
    assertThat(after.at("/first/results/0/places/0/location").asText())
        .isEqualTo(folder.resolve("outbox/avatar/first.mp4").toString());
    assertThat(after.path("charged").asText()).isEqualTo("no");
    assertThat(place.tree("duplicates"))
        .contains("avatar/after/after.png", "avatar/after/after.wav")
        .contains("avatar/elsewhere/during/during.png", "avatar/elsewhere/during/during.wav");
    assertThat(place.tree("archive")).containsExactly("avatar/first.png", "avatar/first.wav");
    assertThat(place.tree("inbox")).isEmpty();
  }

  @Test
  void filesOfAFailureThatCostNothingStartAnewWhenMovedBackIntoTheInbox() throws Exception {
    kie.plan().next(TaskPlan.fails("501", "Generation failed"));
    place.start();
    originals.dropped(TestMedia.pair(place.inbox("avatar"), "again", 1));
    place.awaitJobs(JobState.FAILED, 1);
    awaitFiled();
    assertThat(place.note("failed/generation/avatar/again/error.json").path("charged").asText())
        .isEqualTo("no");

    Files.move(
        folder.resolve("failed/generation/avatar/again"), place.inbox("avatar").resolve("again"));
    place.awaitJobs(JobState.DELIVERED, 1);
    awaitFiled();

    assertThat(kie.accepted()).hasSize(2);
    assertThat(place.tree("outbox")).contains("avatar/again/again.mp4");
    originals.assertEachInExactlyOnePlace();
  }

  @Test
  void filesOfALostAnswerMovedBackAreADuplicateThatNamesTheVerb() throws Exception {
    kie.on(Endpoint.CREATE_TASK).next(Faults.acceptThenReset());
    place.start();
    originals.dropped(TestMedia.pair(place.inbox("avatar"), "lost", 1));
    place.awaitJobs(JobState.SUBMIT_UNKNOWN, 1);
    awaitFiled();

    Files.move(
        folder.resolve("failed/submit-unknown/avatar/lost"), place.inbox("avatar").resolve("lost"));
    place.awaitJobs(JobState.DUPLICATE, 1);
    awaitFiled();

    assertThat(kie.createCalls()).isEqualTo(1);
    var unknown = place.ask(queries -> queries.in(JobState.SUBMIT_UNKNOWN)).get(0).id();
    assertThat(place.note("duplicates/avatar/lost/lost/duplicate.json").path("nextStep").asText())
        .contains("klingdrop attach " + unknown, "klingdrop resubmit " + unknown);
    originals.assertEachInExactlyOnePlace();
  }

  @Test
  void noAcceptedTaskIsForgottenHoweverLongItTakes() throws Exception {
    place.set("klingdrop.poll.soft-deadline", "1s").set("klingdrop.poll.slow-period", "1500ms");
    kie.holdTasks();
    place.start();
    TestMedia.pair(place.inbox("avatar"), "slow", 1);
    place.awaitJobs(JobState.RUNNING, 1);
    var task = kie.accepted().get(0);

    place.await(
        () ->
            kie.callTimes(Endpoint.RECORD_INFO, task.taskId()).stream()
                    .filter(at -> at.isAfter(task.at().plusSeconds(2)))
                    .count()
                >= 2);
    var late =
        kie.callTimes(Endpoint.RECORD_INFO, task.taskId()).stream()
            .filter(at -> at.isAfter(task.at().plusSeconds(2)))
            .toList();
    assertThat(Duration.between(late.get(0), late.get(1))).isGreaterThan(Duration.ofMillis(1300));
    place.close();
    kie.finish(task.taskId());
    place.start();

    place.awaitJobs(JobState.DELIVERED, 1);
    assertThat(kie.createCalls()).isEqualTo(1);
  }

  @Test
  void aTaskThatEndsAfterThreeTimesTheSoftDeadlineIsDelivered() throws Exception {
    place.set("klingdrop.poll.soft-deadline", "1s").set("klingdrop.poll.slow-period", "500ms");
    kie.plan().always(TaskPlan.succeeds().after(Duration.ofMillis(3100)));
    originals.dropped(TestMedia.pair(place.inbox("avatar"), "patient", 1));
    place.start();
    place.awaitJobs(JobState.DELIVERED, 1);
    awaitFiled();

    var job = place.onlyJob();
    assertThat(Duration.between(job.times().submitted(), job.times().generated()))
        .isGreaterThan(Duration.ofSeconds(3));
    assertThat(kie.createCalls()).isEqualTo(1);
    assertThat(place.tree("outbox")).containsExactly("avatar/patient.json", "avatar/patient.mp4");
    assertThat(place.tree("failed")).isEmpty();
    originals.assertEachInExactlyOnePlace();
  }

  @Test
  void noDroppedFileIsHalfRead() throws Exception {
    place.set("klingdrop.inbox.settle", "700ms");
    place.start();
    var made = TestMedia.pair(Files.createDirectories(folder.resolve("made")), "slow", 1);
    var voice = Files.readAllBytes(made.audio());
    Files.copy(made.image(), place.inbox("avatar").resolve("slow.png"));
    writeSlowly(voice, place.inbox("avatar").resolve("slow.wav"), 12);

    place.awaitJobs(JobState.DELIVERED, 1);
    assertThat(place.jobs()).hasSize(1);
    assertThat(kie.uploads()).hasSize(2);
    assertThat(kie.acceptedFor(made.audioSha256())).hasSize(1);
  }

  @Test
  void temporaryNamesAreNeverTaken() throws Exception {
    place.set("klingdrop.inbox.pair-window", "0ms");
    var inbox = place.inbox("avatar");
    var names =
        List.of(
            ".a.png",
            "~$b.png",
            "c.png.part",
            "d.wav.partial",
            "e.wav.crdownload",
            "f.png.tmp",
            "g.png.download",
            "Thumbs.db",
            "desktop.ini",
            "._h.png",
            "@eaDir/i.png",
            ".stfolder/j.png");
    for (int i = 0; i < names.size(); i++) {
      originals.dropped(TestMedia.png(inbox.resolve(names.get(i)), 320, 320, 100 + i));
    }
    TestMedia.pair(inbox, "real", 1);

    assertThat(place.drain()).isZero();

    assertThat(place.tree("inbox")).hasSameSizeAs(names);
    assertThat(place.onlyJob().name()).isEqualTo("real");
    originals.assertEachInExactlyOnePlace();
  }

  @Test
  void noDroppedFileIsLeftBehindBecauseItsNameCameBefore() throws Exception {
    place.start();
    for (int round = 1; round <= 2; round++) {
      for (int i = 0; i < 8; i++) {
        TestMedia.pair(place.inbox("avatar"), "take" + i, 100 * round + i);
      }
      place.awaitJobs(JobState.DELIVERED, 8 * round);
    }
    assertThat(place.inbox("avatar")).isEmptyDirectory();
  }

  @Test
  void noDroppedFileIsLostWhateverTheEnding() throws Exception {
    place.set("klingdrop.inbox.pair-window", "300ms").set("klingdrop.result.give-up", "1s");
    fate("rejected", TaskPlan.fails("500", "content policy violation"));
    fate("generation", TaskPlan.fails("501", "no luck").credits(100));
    fate("invalid", TaskPlan.fails("422", "no face in the image"));
    fate("result", TaskPlan.succeeds().result(io.klingdrop.testing.ResultShape.NO_URLS));
    kie.on(Endpoint.CREATE_TASK)
        .when(Call.promptContains("submit-unknown"))
        .always(Faults.acceptThenClose());
    var classes =
        List.of("rejected", "generation", "invalid", "result", "submit-unknown", "delivered");
    place.start();
    for (int i = 0; i < classes.size(); i++) {
      pairWithPrompt(classes.get(i), i);
    }
    originals.dropped(TestMedia.png(place.inbox("avatar").resolve("lonely.png"), 320, 320, 77));
    originals.dropped(TestMedia.png(place.inbox("avatar").resolve("show.png"), 320, 320, 78));
    for (int i = 1; i <= 2; i++) {
      originals.dropped(
          TestMedia.wav(
              place.inbox("avatar").resolve("show__0" + i + ".wav"),
              Duration.ofSeconds(2),
              79 + i));
    }

    place.awaitJobs(JobState.DELIVERED, 3);
    place.awaitJobs(JobState.SUBMIT_UNKNOWN, 1);
    place.awaitJobs(JobState.FAILED, 5);
    awaitFiled();

    originals.assertEachInExactlyOnePlace();
    for (var failed : List.of("rejected", "generation", "invalid", "result", "submit-unknown")) {
      assertThat(place.tree("failed/" + failed))
          .containsExactlyInAnyOrder(
              "avatar/" + failed + "/error.json",
              "avatar/" + failed + "/error.txt",
              "avatar/" + failed + "/" + failed + ".png",
              "avatar/" + failed + "/" + failed + ".txt",
              "avatar/" + failed + "/" + failed + ".wav");
    }
    assertThat(place.tree("failed/unpaired")).contains("avatar/lonely/lonely.png");
    assertThat(place.tree("inbox")).containsExactly("avatar/show.png");
    assertThat(place.tree("outbox")).contains("avatar/show__01.mp4", "avatar/show__02.mp4");
  }

  @Test
  void noOutputIsSeenHalfWritten() throws Exception {
    kie.plan().always(TaskPlan.succeeds().padding(8_000_000));
    place.start();
    var sizes = ConcurrentHashMap.<Long>newKeySet();
    var watcher = Executors.newSingleThreadScheduledExecutor();
    try {
      watcher.scheduleWithFixedDelay(() -> look(sizes), 0, 1, TimeUnit.MILLISECONDS);
      for (int i = 0; i < 4; i++) {
        TestMedia.pair(place.inbox("avatar"), "film" + i, i);
      }
      place.awaitJobs(JobState.DELIVERED, 4);
    } finally {
      watcher.shutdownNow();
    }
    var whole = (long) kie.resultBytes(kie.accepted().get(0).taskId(), 1).length;
    assertThat(sizes).isNotEmpty().allMatch(size -> Math.abs(size - whole) < 100);
    assertThat(place.tree("outbox")).hasSize(8).noneMatch(name -> name.contains(".part"));
  }

  @Test
  void noOutputOverwritesAnother() throws Exception {
    var taken = Files.createDirectories(folder.resolve("outbox/avatar"));
    Files.writeString(taken.resolve("hello.mp4"), "somebody's film");
    Files.writeString(taken.resolve("other.json"), "{\"job\":\"somebody's\"}");
    place.start();
    TestMedia.pair(place.inbox("avatar"), "hello", 1);
    TestMedia.pair(place.inbox("avatar"), "other", 2);
    place.awaitJobs(JobState.DELIVERED, 2);
    TestMedia.pair(place.inbox("avatar"), "hello", 3);
    place.awaitJobs(JobState.DELIVERED, 3);
    awaitFiled();

    assertThat(taken.resolve("hello.mp4")).hasContent("somebody's film");
    assertThat(taken.resolve("other.json")).hasContent("{\"job\":\"somebody's\"}");
    assertThat(place.tree("outbox"))
        .containsExactlyInAnyOrder(
            "avatar/hello.mp4",
            "avatar/hello~2.mp4",
            "avatar/hello~2.json",
            "avatar/hello~3.mp4",
            "avatar/hello~3.json",
            "avatar/other.json",
            "avatar/other~2.mp4",
            "avatar/other~2.json");
    var third = kie.accepted().get(2).taskId();
    assertThat(Digests.sha256(taken.resolve("hello~3.mp4")))
        .isEqualTo(Digests.sha256(kie.resultBytes(third, 1)));
    assertThat(place.tree("archive")).hasSize(6);
  }

  @Test
  void onlyTheProvidersOwnLastWordEndsATask() throws Exception {
    place.set("klingdrop.poll.timeout", "300ms").set("klingdrop.poll.grace", "30s");
    kie.plan().next(TaskPlan.succeeds().states("waiting", "daydreaming", "", "Queuing", "success"));
    var oddities =
        Arrays.asList(
            Answers.html(),
            Answers.status(500),
            Answers.statusPage(502),
            Answers.envelope(500, "Internal Error, Please try again later."),
            Answers.invalidJson(),
            Answers.dataIs("null"),
            Answers.dataIs("[]"),
            Answers.dataIs("7"),
            Answers.hugeJson(2_000_000),
            Answers.envelope(422, "recordInfo is null"),
            Answers.tooFrequent(),
            Answers.envelope(455, "maintenance"),
            Answers.status(404),
            Faults.hang(),
            Faults.closeUnanswered(),
            Faults.gibberish());
    oddities.forEach(oddity -> kie.on(Endpoint.RECORD_INFO).next(oddity));
    place.start();
    TestMedia.pair(place.inbox("avatar"), "odd", 1);

    place.awaitJobs(JobState.DELIVERED, 1);

    assertThat(kie.on(Endpoint.RECORD_INFO).pending()).isZero();
    assertThat(kie.createCalls()).isEqualTo(1);
  }

  private void fate(String prompt, TaskPlan plan) {
    kie.plan().when(Call.promptContains(prompt)).always(plan);
  }

  private void pairWithPrompt(String name, int seed) throws IOException {
    var inbox = place.inbox("avatar");
    var text = inbox.resolve("." + name + ".tmp");
    Files.writeString(text, name);
    originals.dropped(Files.move(text, inbox.resolve(name + ".txt")));
    originals.dropped(TestMedia.pair(inbox, name, seed));
  }

  private static void drop(Path kept, Path to, String name) throws IOException {
    Files.createDirectories(to);
    Files.copy(kept.resolve("image"), to.resolve(name + ".png"));
    Files.copy(kept.resolve("audio"), to.resolve(name + ".wav"));
  }

  private static void writeSlowly(byte[] bytes, Path to, int parts) throws Exception {
    var writer = Executors.newSingleThreadScheduledExecutor();
    var part = new AtomicInteger();
    try (var out = Files.newOutputStream(to, StandardOpenOption.CREATE_NEW)) {
      var writing =
          writer.scheduleAtFixedRate(
              () -> {
                int from = (int) ((long) bytes.length * part.get() / parts);
                int until = (int) ((long) bytes.length * part.incrementAndGet() / parts);
                try {
                  out.write(bytes, from, until - from);
                } catch (IOException e) {
                  throw new java.io.UncheckedIOException(e);
                }
              },
              0,
              150,
              TimeUnit.MILLISECONDS);
      await().until(() -> part.get() == parts);
      writing.cancel(false);
    } finally {
      writer.shutdownNow();
    }
  }

  private void look(Set<Long> sizes) {
    try (var list = Files.walk(folder.resolve("outbox"))) {
      for (var file :
          list.filter(path -> !path.getFileName().toString().startsWith(".")).toList()) {
        if (file.toString().endsWith(".mp4")) {
          sizes.add(Files.size(file));
        } else if (file.toString().endsWith(".json")) {
          assertThat(Files.readString(file)).endsWith("}\n");
        }
      }
    } catch (IOException | java.io.UncheckedIOException e) {
      // a folder that is being made
    } catch (AssertionError e) {
      sizes.add(-1L);
    }
  }

  private void awaitFiled() {
    place.await(() -> place.ask(queries -> queries.counts().open()) == 0);
  }
}
