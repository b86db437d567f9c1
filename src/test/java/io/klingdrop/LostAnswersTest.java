package io.klingdrop;

import static org.assertj.core.api.Assertions.assertThat;

import io.klingdrop.job.Job;
import io.klingdrop.job.JobState;
import io.klingdrop.testing.Answers;
import io.klingdrop.testing.Behaviour;
import io.klingdrop.testing.Endpoint;
import io.klingdrop.testing.FakeKie;
import io.klingdrop.testing.Faults;
import io.klingdrop.testing.Originals;
import io.klingdrop.testing.TestMedia;
import io.klingdrop.testing.Workplace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** createTask and the ways its answer gets lost: whatever may have been paid is not sent again. */
class LostAnswersTest {
  @TempDir private Path folder;
  private FakeKie kie;
  private Workplace place;
  private Originals originals;

  @BeforeEach
  void open() {
    kie = FakeKie.start();
    place = new Workplace(folder, kie).set("klingdrop.submit.timeout", "600ms");
    originals = new Originals(folder);
  }

  @AfterEach
  void close() throws Exception {
    place.close();
    kie.close();
  }

  @Test
  void aLostAnswerIsNeverFollowedByASecondCall() throws Exception {
    var faults = new LinkedHashMap<String, Behaviour>();
    faults.put("reset", Faults.acceptThenReset());
    faults.put("close", Faults.acceptThenClose());
    faults.put("hang", Faults.acceptThenHang());
    faults.put("bare 500", Faults.acceptThenStatus(500));
    faults.put("page 502", Faults.acceptThenStatus(502));
    faults.put("page 504", Faults.acceptThenStatus(504));
    faults.put("page 524", Faults.acceptThenStatus(524));
    faults.put("truncate", Faults.acceptThenTruncate());
    faults.put("stall", Faults.stallAfter(10));
    faults.put("reset in body", Faults.resetAfter(10));
    faults.put("html", Answers.html().afterAccepting());
    faults.put("not json", Answers.invalidJson().afterAccepting());
    faults.put("half json", Answers.truncatedJson().afterAccepting());
    faults.put("no data", Answers.dataIs("null").afterAccepting());
    faults.put("odd data", Answers.dataIs("[]").afterAccepting());
    faults.put("huge", Answers.hugeJson(3_000_000).afterAccepting());
    faults.put("gibberish", Faults.gibberish().afterAccepting());
    play(faults);
    place.start();

    place.awaitJobs(JobState.SUBMIT_UNKNOWN, faults.size());
    awaitFiled();
    place.close();
    place.start();
    awaitFiled();

    assertThat(kie.createCalls()).isEqualTo(faults.size());
    assertThat(kie.accepted()).hasSize(faults.size());
    originals.assertEachInExactlyOnePlace();
    for (var name : faults.keySet()) {
      var error = place.note("failed/submit-unknown/avatar/" + name + "/error.json");
      assertThat(error.properties().stream().map(Map.Entry::getKey))
          .as(name)
          .contains(
              "job",
              "class",
              "state",
              "failCode",
              "failMessage",
              "httpStatus",
              "provider",
              "model",
              "taskId",
              "charged",
              "attempts",
              "files",
              "at",
              "nextStep");
      assertThat(error.path("class").asText()).as(name).isEqualTo("submit-unknown");
      assertThat(error.path("state").asText()).as(name).isEqualTo("SUBMIT_UNKNOWN");
      assertThat(error.path("charged").asText()).as(name).isEqualTo("unknown");
      assertThat(error.path("attempts").asInt()).as(name).isEqualTo(1);
      assertThat(error.path("taskId").isNull()).as(name).isTrue();
      assertThat(error.path("files")).as(name).hasSize(3);
      assertThat(error.path("nextStep").asText()).as(name).contains("attach", place.job(name).id());
      assertThat(folder.resolve("failed/submit-unknown/avatar/" + name + "/error.txt"))
          .content()
          .contains("Not known", "attach " + place.job(name).id());
    }

    place.change(
        ledger -> {
          for (var job : place.jobs()) {
            ledger.attached(job, taskOf(job));
          }
        });
    place.awaitJobs(JobState.DELIVERED, faults.size());
    awaitFiled();
    assertThat(kie.createCalls()).isEqualTo(faults.size());
    assertThat(place.tree("archive")).hasSize(3 * faults.size());
    assertThat(place.tree("failed")).isEmpty();
    originals.assertEachInExactlyOnePlace();
  }

  @Test
  void aResetThatCannotBeToldFromALostAnswerCountsAsOne() throws Exception {
    play(Map.of("early", Faults.resetBeforeRead()));
    place.start();

    place.awaitJobs(JobState.SUBMIT_UNKNOWN, 1);
    awaitFiled();

    assertThat(kie.createCalls()).isEqualTo(1);
    assertThat(kie.accepted()).isEmpty();
    originals.assertEachInExactlyOnePlace();
  }

  @Test
  void aRefusalThatSurelyCreatedNothingIsSentAgainUntilItIsTaken() throws Exception {
    var faults = new LinkedHashMap<String, Behaviour>();
    faults.put("bare 503", Answers.status(503));
    faults.put("page 503", Answers.statusPage(503));
    faults.put("bare 429", Answers.retryAfter(429, "1"));
    faults.put("envelope 429", Answers.tooFrequent());
    faults.put("envelope 500", Answers.envelope(500, "Server exception, please try again later"));
    faults.put("status and envelope 500", Answers.statusEnvelope(500, 500, "Internal Error"));
    faults.put("envelope 455", Answers.envelope(455, "maintenance"));
    faults.put("code 1302", Answers.envelope(1302, "rate"));
    faults.put("code 5000", Answers.envelopeWithMessage(5000, "internal"));
    faults.put("code 5001", Answers.envelope(5001, "unavailable for now"));
    play(faults);
    place.start();

    place.awaitJobs(JobState.DELIVERED, faults.size());
    awaitFiled();

    assertThat(kie.createCalls()).isEqualTo(2 * faults.size());
    assertThat(kie.accepted()).hasSize(faults.size());
    for (var job : place.jobs()) {
      assertThat(job.attempts()).as(job.name()).isEqualTo(1);
    }
  }

  @Test
  void aProviderThatCannotBeReachedIsWaitedFor() throws Exception {
    try (var storage = FakeKie.start()) {
      storage.useKey(kie.key());
      place.set("klingdrop.provider.kie.upload-url", storage.url().toString());
      kie.goDark();
      place.start();
      originals.dropped(TestMedia.pair(place.inbox("avatar"), "patient", 1));
      place.await(() -> storage.uploads().size() == 2);
      place.await(() -> place.jobs().stream().anyMatch(job -> job.progress().tries() > 0));
      kie.comeBack();

      place.awaitJobs(JobState.DELIVERED, 1);
      assertThat(kie.accepted()).hasSize(1);
      assertThat(storage.uploads()).as("uploads are not repeated").hasSize(2);
    }
  }

  @Test
  void uploadsAreFreeAndSentAgain() throws Exception {
    place.set("klingdrop.upload.timeout", "500ms");
    kie.on(Endpoint.UPLOAD)
        .next(Faults.resetBeforeRead(), Answers.status(500), Answers.html(), Faults.hang());
    place.start();
    for (int i = 0; i < 4; i++) {
      originals.dropped(TestMedia.pair(place.inbox("avatar"), "stubborn" + i, i));
    }

    place.awaitJobs(JobState.DELIVERED, 4);

    assertThat(kie.createCalls()).isEqualTo(4);
  }

  /** One pair for each fault, whose prompt tells the provider which. */
  private void play(Map<String, Behaviour> faults) throws Exception {
    int seed = 0;
    for (var fault : faults.entrySet()) {
      kie.on(Endpoint.CREATE_TASK)
          .when(call -> call.json().at("/input/prompt").asText().equals(fault.getKey()))
          .next(fault.getValue());
      var inbox = place.inbox("avatar");
      originals.dropped(Files.writeString(inbox.resolve(fault.getKey() + ".txt"), fault.getKey()));
      originals.dropped(TestMedia.pair(inbox, fault.getKey(), seed++));
    }
  }

  private String taskOf(Job job) {
    var tasks =
        kie.accepted().stream()
            .filter(task -> task.request().at("/input/prompt").asText().equals(job.name()))
            .toList();
    assertThat(tasks).as("tasks paid for %s", job.name()).hasSize(1);
    return tasks.get(0).taskId();
  }

  private void awaitFiled() {
    place.await(() -> place.ask(queries -> queries.counts().open()) == 0);
  }
}
