package io.klingdrop;

import static org.assertj.core.api.Assertions.assertThat;

import io.klingdrop.job.JobState;
import io.klingdrop.testing.Answers;
import io.klingdrop.testing.Call;
import io.klingdrop.testing.Endpoint;
import io.klingdrop.testing.FakeKie;
import io.klingdrop.testing.Originals;
import io.klingdrop.testing.ResultShape;
import io.klingdrop.testing.TaskPlan;
import io.klingdrop.testing.TestMedia;
import io.klingdrop.testing.Workplace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of the files of a failed job that a person moves back into the inbox. */
class MovedBackTest {
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

  @Test
  void whatSurelyCostNothingStartsAnew() throws Exception {
    place.set("klingdrop.submit.give-up", "1s");
    var classes = List.of("invalid", "rejected", "generation", "provider");
    fate("invalid", TaskPlan.fails("422", "no face in the image"));
    fate("rejected", TaskPlan.fails("500", "content policy violation"));
    fate("generation", TaskPlan.fails("501", "no luck"));
    kie.on(Endpoint.CREATE_TASK)
        .when(Call.promptContains("provider"))
        .times(2, Answers.envelope(500, "busy"));
    drop("provider");
    place.start();
    place.awaitJobs(JobState.FAILED, 4);
    awaitFiled();
    assertThat(kie.accepted()).hasSize(3);
    for (var name : classes) {
      assertThat(place.note("failed/" + name + "/avatar/" + name + "/error.json").path("charged"))
          .as(name)
          .hasToString("\"no\"");
      moveBack(name, name);
    }

    place.awaitJobs(JobState.DELIVERED, 4);
    awaitFiled();
    assertThat(kie.accepted()).hasSize(7);
    assertThat(place.tree("duplicates")).isEmpty();
    assertThat(place.tree("failed")).isEmpty();
    for (var name : classes) {
      assertThat(place.tree("outbox")).contains("avatar/" + name + "/" + name + ".mp4");
    }
    originals.assertEachInExactlyOnePlace();
  }

  @Test
  void halfAPairThatIsMovedBackBesideTheOtherHalfBecomesAVideo() throws Exception {
    place.set("klingdrop.inbox.pair-window", "300ms");
    var pair = TestMedia.pair(Files.createDirectories(folder.resolve("made")), "half", 1);
    var inbox = place.inbox("avatar");
    originals.dropped(Files.move(pair.image(), inbox.resolve("half.png")));
    place.start();
    place.awaitJobs(JobState.FAILED, 1);
    awaitFiled();

    var back = Files.createDirectories(place.inbox("avatar").resolve("half"));
    originals.dropped(Files.move(pair.audio(), back.resolve("half.wav")));
    Files.move(folder.resolve("failed/unpaired/avatar/half/half.png"), back.resolve("half.png"));
    place.awaitJobs(JobState.DELIVERED, 1);
    awaitFiled();
    assertThat(kie.createCalls()).isEqualTo(1);
    originals.assertEachInExactlyOnePlace();
  }

  @Test
  void aJobThatWasCancelledBeforeItWasSubmittedStartsAnew() throws Exception {
    place.set("klingdrop.budget.credits-per-day", "0");
    drop("regret");
    place.drain();
    place.change(ledger -> ledger.cancelled(place.onlyJob(), "a person cancelled it"));
    place.set("klingdrop.budget.credits-per-day", "").start();
    awaitFiled();
    moveBack("cancelled", "regret");

    place.awaitJobs(JobState.DELIVERED, 1);
    awaitFiled();
    assertThat(kie.createCalls()).isEqualTo(1);
    originals.assertEachInExactlyOnePlace();
  }

  @Test
  void whatMayHaveBeenChargedIsADuplicateThatNamesTheVerb() throws Exception {
    place.set("klingdrop.result.give-up", "1s").set("klingdrop.deliver.give-up", "1s");
    place.set("klingdrop.poll.grace", "1s");
    Files.createDirectories(folder.resolve("outbox"));
    Files.writeString(folder.resolve("outbox/avatar"), "a file where a folder should be");
    fate("generation", TaskPlan.fails("501", "no luck").credits(8));
    fate("rejected", TaskPlan.fails("500", "content policy violation").credits(8));
    fate("result", TaskPlan.succeeds().result(ResultShape.NO_URLS));
    fate("delivery", TaskPlan.succeeds());
    fate("expired", TaskPlan.succeeds().unknownFor(1_000_000));
    place.start();
    place.awaitJobs(JobState.FAILED, 5);
    awaitFiled();
    var ids = new java.util.HashMap<String, String>();
    place.jobs().forEach(job -> ids.put(job.name(), job.id()));
    for (var name : ids.keySet()) {
      moveBack(name, name);
    }

    place.awaitJobs(JobState.DUPLICATE, 5);
    awaitFiled();
    assertThat(kie.createCalls()).isEqualTo(5);
    var verbs =
        Map.of(
            "generation", "klingdrop resubmit ",
            "result", "klingdrop redeliver ",
            "delivery", "klingdrop redeliver ",
            "expired", "klingdrop recheck ");
    for (var verb : verbs.entrySet()) {
      assertThat(noteOf(verb.getKey())).contains(verb.getValue() + ids.get(verb.getKey()));
    }
    assertThat(noteOf("rejected")).contains("may have been charged");
    originals.assertEachInExactlyOnePlace();

    Files.delete(folder.resolve("outbox/avatar"));
    var paid = ids.get("delivery");
    place.change(
        ledger ->
            ledger.redelivered(place.ask(queries -> queries.job(paid)).orElseThrow(), "again"));
    place.awaitJobs(JobState.DELIVERED, 1);
    awaitFiled();
    assertThat(place.tree("outbox")).contains("avatar/delivery.mp4");
    assertThat(kie.createCalls()).isEqualTo(5);
    originals.assertEachInExactlyOnePlace();
  }

  private String noteOf(String name) throws IOException {
    return place
        .note("duplicates/avatar/" + name + "/" + name + "/duplicate.json")
        .path("nextStep")
        .asText();
  }

  private void moveBack(String channel, String name) throws IOException {
    Files.move(
        folder.resolve("failed/" + channel + "/avatar/" + name),
        place.inbox("avatar").resolve(name));
  }

  private void fate(String name, TaskPlan plan) throws IOException {
    kie.plan().when(Call.promptContains(name)).next(plan);
    drop(name);
  }

  private void drop(String name) throws IOException {
    var inbox = place.inbox("avatar");
    originals.dropped(Files.writeString(inbox.resolve(name + ".txt"), name));
    originals.dropped(TestMedia.pair(inbox, name, seed++));
  }

  private void awaitFiled() {
    place.await(() -> place.ask(queries -> queries.counts().open()) == 0);
  }
}
