package io.klingdrop;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.klingdrop.job.JobState;
import io.klingdrop.testing.Answers;
import io.klingdrop.testing.Call;
import io.klingdrop.testing.Digests;
import io.klingdrop.testing.Endpoint;
import io.klingdrop.testing.FakeKie;
import io.klingdrop.testing.Faults;
import io.klingdrop.testing.Originals;
import io.klingdrop.testing.ResultShape;
import io.klingdrop.testing.TaskPlan;
import io.klingdrop.testing.TestMedia;
import io.klingdrop.testing.Workplace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of tasks the provider has accepted, and what a person finds afterwards. */
class OutcomesTest {
  @TempDir private Path folder;
  private FakeKie kie;
  private Workplace place;
  private Originals originals;
  private int seed;

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

  private record Ending(
      String name, String code, String message, double credits, String channel, String charged) {}

  @Test
  void aTaskThatEndedInFailGoesToTheChannelItsWordsAskFor() throws Exception {
    var endings =
        List.of(
            new Ending("a501", "501", "Generation failed", 0, "generation", "no"),
            new Ending("a500", "500", "Internal Error, Please try again", 100, "generation", "yes"),
            new Ending("no code", null, null, 0, "generation", "no"),
            new Ending("odd code", "E-77", "unheard of", 0, "generation", "no"),
            new Ending("a400", "400", "bad request", 0, "invalid", "no"),
            new Ending("a422", "422", "file type not supported", 0, "invalid", "no"),
            new Ending("500 media", "500", "Resource download failed", 0, "invalid", "no"),
            new Ending("422 content", "422", "blocked by content policy", 0, "rejected", "no"),
            new Ending("500 nsfw", "500", "NSFW content detected", 50, "rejected", "yes"));
    for (var ending : endings) {
      fate(
          ending.name(), TaskPlan.fails(ending.code(), ending.message()).credits(ending.credits()));
    }
    place.start();
    place.awaitJobs(JobState.FAILED, endings.size());
    awaitFiled();

    for (var ending : endings) {
      var home = "failed/" + ending.channel() + "/avatar/" + ending.name();
      var error = place.note(home + "/error.json");
      var job = place.job(ending.name());
      assertThat(error.path("job").asText()).isEqualTo(job.id());
      assertThat(error.path("class").asText()).isEqualTo(ending.channel());
      assertThat(error.path("state").asText()).isEqualTo("FAILED");
      assertThat(error.path("failCode").textValue()).isEqualTo(ending.code());
      assertThat(error.path("failMessage").asText())
          .isEqualTo(ending.message() == null ? "the provider gave no reason" : ending.message());
      assertThat(error.path("taskId").asText()).isEqualTo(job.taskId());
      assertThat(error.path("charged").asText()).as(ending.name()).isEqualTo(ending.charged());
      assertThat(folder.resolve(home + "/error.txt"))
          .content()
          .contains(ending.name(), ending.charged().equals("yes") ? "Yes" : "No.", job.id());
    }
    assertThat(kie.createCalls()).isEqualTo(endings.size());
    originals.assertEachInExactlyOnePlace();
  }

  @Test
  void aFailedTaskWhoseCostIsNotSaidIsNotCalledFree() throws Exception {
    kie.on(Endpoint.RECORD_INFO)
        .always(
            Answers.rewritten(
                envelope -> ((ObjectNode) envelope.path("data")).remove("creditsConsumed")));
    fate("generation", TaskPlan.fails("500", "no luck"));
    fate("rejected", TaskPlan.fails("500", "content policy"));
    place.start();
    place.awaitJobs(JobState.FAILED, 2);
    awaitFiled();

    for (var name : List.of("generation", "rejected")) {
      var error = place.note("failed/" + name + "/avatar/" + name + "/error.json");
      assertThat(error.path("charged").asText()).as(name).isEqualTo("unknown");
    }
  }

  @Test
  void aSuccessWithoutAFilmIsPatientlyReadAgainAndEndsAsResult() throws Exception {
    place.set("klingdrop.result.give-up", "1s").set("klingdrop.result.stall", "500ms");
    fate("no urls", TaskPlan.succeeds().result(ResultShape.NO_URLS));
    fate("garbage", TaskPlan.succeeds().result(ResultShape.GARBAGE));
    fate("null", TaskPlan.succeeds().result(ResultShape.NULL));
    fate("empty", TaskPlan.succeeds().result(ResultShape.EMPTY));
    fate("html", TaskPlan.succeeds().videos(2).links(kie.url() + "/result/html-1.mp4"));
    fate("ftp", TaskPlan.succeeds().links("ftp://127.0.0.1/film.mp4"));
    fate("nowhere", TaskPlan.succeeds().links(kie.url() + "/nowhere/film.mp4"));
    kie.on(Endpoint.RESULT).when(call -> call.path().contains("html")).always(Answers.html());
    place.start();
    place.awaitJobs(JobState.FAILED, 7);
    awaitFiled();

    for (var job : place.jobs()) {
      var error = place.note("failed/result/avatar/" + job.name() + "/error.json");
      assertThat(error.path("class").asText()).as(job.name()).isEqualTo("result");
      assertThat(error.path("charged").asText()).as(job.name()).isEqualTo("yes");
      assertThat(error.path("taskId").asText()).as(job.name()).isEqualTo(job.taskId());
      assertThat(error.path("nextStep").asText()).as(job.name()).contains("recheck " + job.id());
    }
    assertThat(place.note("failed/result/avatar/nowhere/error.json").at("/results/0/url").asText())
        .isEqualTo(kie.url() + "/nowhere/film.mp4");
    assertThat(place.note("failed/result/avatar/html/error.json").at("/results/0/url").asText())
        .isEqualTo(kie.url() + "/result/html-1.mp4");
    assertThat(kie.createCalls()).isEqualTo(7);
    assertThat(place.tree("outbox")).isEmpty();
    originals.assertEachInExactlyOnePlace();
  }

  @Test
  void aBrokenDownloadIsFetchedAgainAndDeliveredWhole() throws Exception {
    place.set("klingdrop.result.stall", "400ms");
    kie.plan().always(TaskPlan.succeeds().padding(300_000));
    kie.on(Endpoint.RESULT)
        .next(
            Faults.truncateAfter(1000),
            Faults.resetAfter(100_000),
            Faults.stallAfter(2000),
            Answers.html(),
            Answers.status(500),
            Answers.zeroBytes(),
            Faults.gibberish());
    for (int i = 0; i < 7; i++) {
      drop("film" + i, "");
    }
    place.start();
    place.awaitJobs(JobState.DELIVERED, 7);
    awaitFiled();

    assertThat(kie.createCalls()).isEqualTo(7);
    for (var job : place.jobs()) {
      assertThat(Digests.sha256(folder.resolve("outbox/avatar/" + job.name() + ".mp4")))
          .isEqualTo(Digests.sha256(kie.resultBytes(job.task(), 1)));
    }
    assertThat(kie.authorizationSeenOnDownloads()).isZero();
  }

  @Test
  void anExpiredLinkIsRenewed() throws Exception {
    kie.expireLinks();
    drop("late", "");
    place.start();
    place.awaitJobs(JobState.DELIVERED, 1);

    assertThat(kie.calls(Endpoint.DOWNLOAD_URL)).isEqualTo(1);
    assertThat(kie.recordInfoCalls()).isGreaterThanOrEqualTo(2);
    assertThat(kie.createCalls()).isEqualTo(1);
    assertThat(kie.authorizationSeenOnDownloads()).isZero();
  }

  @Test
  void anOutboxThatRefusesIsTriedAgainAndThenEndsAsDelivery() throws Exception {
    place.set("klingdrop.deliver.give-up", "1s");
    Files.createDirectories(folder.resolve("outbox"));
    Files.writeString(folder.resolve("outbox/avatar"), "a file where a folder should be");
    drop("stuck", "");
    place.start();
    place.awaitJobs(JobState.FAILED, 1);
    awaitFiled();

    var job = place.job("stuck");
    var error = place.note("failed/delivery/avatar/stuck/error.json");
    assertThat(error.path("charged").asText()).isEqualTo("yes");
    assertThat(error.path("nextStep").asText()).contains("redeliver " + job.id());
    originals.assertEachInExactlyOnePlace();
    assertThat(Digests.sha256(folder.resolve("data/work/" + job.id() + "/out/1")))
        .isEqualTo(Digests.sha256(kie.resultBytes(job.task(), 1)));

    Files.delete(folder.resolve("outbox/avatar"));
    place.change(ledger -> ledger.redelivered(job, "a person asked for delivery"));
    place.awaitJobs(JobState.DELIVERED, 1);
    awaitFiled();
    assertThat(place.tree("outbox")).containsExactly("avatar/stuck.json", "avatar/stuck.mp4");
    assertThat(place.tree("failed")).isEmpty();
    assertThat(place.tree("data/work")).isEmpty();
    assertThat(kie.calls(Endpoint.RESULT)).isEqualTo(1);
    originals.assertEachInExactlyOnePlace();
  }

  @Test
  void everyFilmOfATaskIsDelivered() throws Exception {
    fate("twins", TaskPlan.succeeds().videos(2).result(ResultShape.OBJECT));
    place.start();
    place.awaitJobs(JobState.DELIVERED, 1);
    awaitFiled();

    assertThat(place.tree("outbox"))
        .containsExactly("avatar/twins-2.mp4", "avatar/twins.json", "avatar/twins.mp4");
    var job = place.job("twins");
    var note = place.note("outbox/avatar/twins.json");
    for (int n = 1; n <= 2; n++) {
      var result = note.path("results").get(n - 1);
      assertThat(result.path("file").asText()).isEqualTo(n == 1 ? "twins.mp4" : "twins-2.mp4");
      assertThat(result.path("sha256").asText())
          .isEqualTo(Digests.sha256(kie.resultBytes(job.task(), n)))
          .isEqualTo(
              Digests.sha256(folder.resolve("outbox/avatar/" + result.path("file").asText())));
      assertThat(result.path("durationSeconds").asDouble()).isEqualTo(3.0);
    }
    assertThat(note.path("state").asText()).isEqualTo("DELIVERED");
    assertThat(note.path("credits").asDouble()).isEqualTo(100);
    assertThat(note.path("sources")).hasSize(3);
    assertThat(note.at("/request/input/prompt").asText()).isEqualTo("twins");
    for (var time : List.of("createdAt", "submittedAt", "generatedAt", "deliveredAt")) {
      assertThat(note.path(time).asText()).matches("\\d{4}-\\d\\d-\\d\\dT.*Z");
    }
    assertThat(note.toString()).doesNotContain(kie.key());
  }

  @Test
  void aTaskTheProviderNoLongerKnowsExpiresAfterTheGrace() throws Exception {
    place.set("klingdrop.poll.grace", "1s");
    kie.holdTasks();
    drop("gone", "");
    place.start();
    place.awaitJobs(JobState.RUNNING, 1);
    kie.forget(kie.accepted().get(0).taskId());
    place.awaitJobs(JobState.FAILED, 1);
    awaitFiled();

    var error = place.note("failed/expired/avatar/gone/error.json");
    assertThat(error.path("charged").asText()).isEqualTo("unknown");
    assertThat(error.path("nextStep").asText()).contains("recheck");
    assertThat(kie.createCalls()).isEqualTo(1);
    originals.assertEachInExactlyOnePlace();
  }

  @Test
  void aTaskTheProviderDoesNotKnowYetIsWaitedFor() throws Exception {
    kie.plan().always(TaskPlan.succeeds().unknownFor(5));
    drop("shy", "");
    assertThat(place.drain()).isZero();

    assertThat(place.onlyJob().state()).isEqualTo(JobState.DELIVERED);
  }

  private void fate(String name, TaskPlan plan) throws IOException {
    kie.plan().when(Call.promptContains(name)).always(plan);
    drop(name, name);
  }

  private void drop(String name, String prompt) throws IOException {
    var inbox = place.inbox("avatar");
    if (!prompt.isEmpty()) {
      originals.dropped(Files.writeString(inbox.resolve(name + ".txt"), prompt));
    }
    originals.dropped(TestMedia.pair(inbox, name, seed++));
  }

  private void awaitFiled() {
    place.await(() -> place.ask(queries -> queries.counts().open()) == 0);
  }
}
