package io.klingdrop;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.klingdrop.job.Attempt;
import io.klingdrop.job.Charged;
import io.klingdrop.job.JobState;
import io.klingdrop.testing.AcceptedTask;
import io.klingdrop.testing.Answers;
import io.klingdrop.testing.Call;
import io.klingdrop.testing.Endpoint;
import io.klingdrop.testing.FakeKie;
import io.klingdrop.testing.Originals;
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

/**
 * Paying once more for a failed generation: only where the profile says so and nothing was paid.
 */
class RetriesTest {
  @TempDir private Path folder;
  private FakeKie kie;
  private Workplace place;
  private Originals originals;
  private int seed;

  @BeforeEach
  void open() throws IOException {
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
  void aFailureThatCostNothingIsSubmittedAgainUntilItSucceeds() throws Exception {
    allow(2);
    kie.plan().next(TaskPlan.fails("501", "no luck"), TaskPlan.fails("500", "none again"));
    drop("third time", "");
    place.start();
    place.awaitJobs(JobState.DELIVERED, 1);
    awaitFiled();

    var job = place.job("third time");
    var tasks = kie.accepted();
    assertThat(tasks).hasSize(3);
    assertThat(job.attempts()).isEqualTo(3);
    assertThat(job.failure()).isNull();
    var attempts = attempts("third time");
    assertThat(attempts).extracting(Attempt::number).containsExactly(1, 2, 3);
    assertThat(attempts)
        .extracting(Attempt::taskId)
        .containsExactly(tasks.get(0).taskId(), tasks.get(1).taskId(), tasks.get(2).taskId());
    assertThat(attempts).extracting(Attempt::failCode).containsExactly("501", "500", null);
    assertThat(attempts)
        .extracting(Attempt::charged)
        .containsExactly(Charged.NO, Charged.NO, Charged.YES);
    assertThat(attempts).extracting(Attempt::credits).containsExactly(0.0, 0.0, 100.0);
    assertThat(attempts).allMatch(attempt -> attempt.ended() != null);
    assertThat(tasks.get(1).at()).isAfter(tasks.get(0).at().plusMillis(1400));
    assertThat(tasks.get(2).at()).isAfter(tasks.get(1).at().plusMillis(3700));
    assertThat(kie.uploads()).hasSize(2);
    assertThat(place.tree("failed")).isEmpty();
    originals.assertEachInExactlyOnePlace();
  }

  @Test
  void afterTheAllowedNumberItIsAFailureAndItsFilesMayComeBack() throws Exception {
    allow(1);
    kie.plan().next(TaskPlan.fails("501", "no luck"), TaskPlan.fails("501", "no luck"));
    drop("twice", "");
    place.start();
    place.awaitJobs(JobState.FAILED, 1);
    awaitFiled();

    var error = place.note("failed/generation/avatar/twice/error.json");
    assertThat(error.path("attempts").asInt()).isEqualTo(2);
    assertThat(error.path("charged").asText()).isEqualTo("no");
    assertThat(error.path("taskId").asText()).isEqualTo(kie.accepted().get(1).taskId());
    originals.assertEachInExactlyOnePlace();

    Files.move(
        folder.resolve("failed/generation/avatar/twice"), place.inbox("avatar").resolve("twice"));
    place.awaitJobs(JobState.DELIVERED, 1);
    awaitFiled();
    assertThat(kie.accepted()).hasSize(3);
    originals.assertEachInExactlyOnePlace();
  }

  @Test
  void nothingElseIsEverPaidForAgain() throws Exception {
    allow(3);
    kie.on(Endpoint.RECORD_INFO)
        .when(call -> call.taskId().map(this::promptOf).orElse("").equals("unsaid"))
        .always(
            Answers.rewritten(
                envelope -> ((ObjectNode) envelope.path("data")).remove("creditsConsumed")));
    fate("charged", TaskPlan.fails("501", "no luck").credits(8));
    fate("unsaid", TaskPlan.fails("501", "no luck"));
    fate("rejected", TaskPlan.fails("501", "blocked by content policy"));
    fate("invalid", TaskPlan.fails("422", "no face in the image"));
    place.start();
    place.awaitJobs(JobState.FAILED, 4);
    awaitFiled();

    assertThat(place.tree("failed"))
        .contains(
            "generation/avatar/charged/charged.wav",
            "generation/avatar/unsaid/unsaid.wav",
            "rejected/avatar/rejected/rejected.wav",
            "invalid/avatar/invalid/invalid.wav");
    assertThat(attempts("unsaid").get(0).charged()).isEqualTo(Charged.UNKNOWN);
    assertThat(kie.createCalls()).isEqualTo(4);
  }

  private String promptOf(String taskId) {
    return kie.accepted().stream()
        .filter(task -> task.taskId().equals(taskId))
        .map(AcceptedTask::prompt)
        .findFirst()
        .orElse("");
  }

  private void allow(int retries) throws IOException {
    Files.createDirectories(folder.resolve("config/profiles"));
    Files.writeString(
        folder.resolve("config/profiles/avatar.yaml"),
        "provider: kie\nmodel: kling/v1-avatar-standard\nretry:\n  generation: " + retries + "\n");
  }

  private List<Attempt> attempts(String name) {
    var job = place.job(name);
    return place.ask(queries -> queries.history().facts(job).attempts());
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
