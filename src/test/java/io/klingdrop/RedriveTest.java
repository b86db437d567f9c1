package io.klingdrop;

import static org.assertj.core.api.Assertions.assertThat;

import io.klingdrop.job.Job;
import io.klingdrop.job.JobState;
import io.klingdrop.testing.AppProcess;
import io.klingdrop.testing.Call;
import io.klingdrop.testing.FakeKie;
import io.klingdrop.testing.Originals;
import io.klingdrop.testing.ResultShape;
import io.klingdrop.testing.TaskPlan;
import io.klingdrop.testing.TestMedia;
import io.klingdrop.testing.Workplace;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The verbs, typed in a process of their own while the service runs. */
class RedriveTest {
  @TempDir private Path temp;
  private Path folder;
  private FakeKie kie;
  private Workplace place;
  private Originals originals;
  private int seed;

  @BeforeEach
  void open() throws IOException {
    folder = Files.createDirectories(temp.resolve("work"));
    kie = FakeKie.start();
    place = new Workplace(folder, kie);
    originals = new Originals(folder);
  }

  @AfterEach
  void close() throws Exception {
    place.close();
    kie.close();
  }

  private record Typed(int exit, String printed) {}

  private Typed type(@Nullable String input, String... args) throws Exception {
    try (var app = AppProcess.start(folder, place.environment(), args)) {
      app.typed(input);
      return new Typed(app.exitCode(), app.printed());
    }
  }

  @Test
  void aClassIsSubmittedAgainAfterOneQuestion() throws Exception {
    resubmitsAClass();
  }

  @Test
  void aClassIsSubmittedAgainOnPostgresToo() throws Exception {
    try (var server = EmbeddedPostgres.builder().start()) {
      place.set("klingdrop.db.url", server.getJdbcUrl("postgres", "postgres"));
      place.set("klingdrop.db.user", "postgres").set("klingdrop.db.password", "postgres");
      resubmitsAClass();
      place.close();
    }
  }

  private void resubmitsAClass() throws Exception {
    fate("unlucky1", TaskPlan.fails("501", "no luck").credits(16));
    fate("unlucky2", TaskPlan.fails("501", "no luck"));
    fate("rude", TaskPlan.fails("500", "content policy violation"));
    place.start();
    place.awaitJobs(JobState.FAILED, 3);
    awaitFiled();

    var dry = type(null, "resubmit", "--class", "generation", "--dry-run");
    assertThat(dry.printed())
        .contains("avatar/unlucky1  costs about 16", "avatar/unlucky2", "2 jobs would be changed")
        .doesNotContain("rude", "Type yes");
    assertThat(dry.exit()).isZero();
    var unasked = type(null, "resubmit", "--class", "generation");
    assertThat(unasked.printed()).contains("nobody to ask", "add --yes", "Nothing was changed");
    assertThat(unasked.exit()).isEqualTo(2);
    var no = type("no", "resubmit", "--class", "generation");
    assertThat(no.printed()).contains("Nothing was changed");
    assertThat(no.exit()).isEqualTo(2);
    assertThat(place.ask(queries -> queries.in(JobState.FAILED)).size()).isEqualTo(3);
    assertThat(kie.createCalls()).isEqualTo(3);

    var yes = type("yes", "resubmit", "--class", "generation");
    assertThat(yes.printed())
        .containsOnlyOnce("Submitting 2 jobs again costs about 32 credits")
        .containsOnlyOnce("Type yes to pay")
        .contains(id("unlucky1") + " is submitted again", id("unlucky2") + " is submitted again")
        .contains("2 of 2 jobs: done");
    assertThat(yes.exit()).isZero();
    place.awaitJobs(JobState.DELIVERED, 2);
    awaitFiled();
    assertThat(kie.createCalls()).isEqualTo(5);
    assertThat(place.job("rude").state()).isEqualTo(JobState.FAILED);
    originals.assertEachInExactlyOnePlace();
  }

  @Test
  void severalJobsAreNamedAndTheOneThatDoesNotFitIsTold() throws Exception {
    fate("first", TaskPlan.fails("501", "no luck"));
    fate("second", TaskPlan.fails("501", "no luck"));
    fate("fine", TaskPlan.succeeds());
    place.start();
    place.awaitJobs(JobState.FAILED, 2);
    place.awaitJobs(JobState.DELIVERED, 1);
    awaitFiled();

    var unknown = type(null, "resubmit", "--yes", "first", "nobody");
    assertThat(unknown.printed()).contains("There is no job nobody");
    assertThat(unknown.exit()).isEqualTo(2);
    assertThat(kie.createCalls()).isEqualTo(3);
    var single = type(null, "resubmit", "--yes", "fine");
    assertThat(single.printed()).contains("resubmit does not apply to job " + id("fine"));
    assertThat(single.exit()).isEqualTo(2);
    var some = type(null, "resubmit", "--yes", "first", "fine", id("first"), "second");
    assertThat(some.printed()).contains("does not apply to job " + id("fine"), "2 of 3 jobs: done");
    assertThat(some.exit()).isEqualTo(1);
    place.awaitJobs(JobState.DELIVERED, 3);
    assertThat(kie.createCalls()).isEqualTo(5);
  }

  @Test
  void whatDoesNotSayWhichJobsIsRefused() throws Exception {
    drop("any");
    place.drain();
    for (var wrong :
        List.of(
            List.of("resubmit", "--yes"),
            List.of("resubmit", "--yes", "--all", "any"),
            List.of("resubmit", "--yes", "--class", "generatoin"))) {
      var typed = type(null, wrong.toArray(String[]::new));
      assertThat(typed.exit()).as(typed.printed()).isEqualTo(2);
      assertThat(typed.printed()).containsAnyOf("--profile or --all", "did you mean generation?");
    }
    var none = type(null, "recheck", "--all");
    assertThat(none.printed()).contains("There is no job to recheck");
    assertThat(none.exit()).isZero();
  }

  @Test
  void contentThatWasDroppedAgainIsNotPaidForASecondTime() throws Exception {
    fate("moved", TaskPlan.fails("501", "no luck"));
    place.start();
    place.awaitJobs(JobState.FAILED, 1);
    awaitFiled();
    var again = Files.createDirectories(place.inbox("avatar").resolve("again"));
    for (var file : List.of("moved.txt", "moved.png", "moved.wav")) {
      Files.copy(folder.resolve("failed/generation/avatar/moved/" + file), again.resolve(file));
    }
    place.awaitJobs(JobState.DELIVERED, 1);
    awaitFiled();

    var first = place.ask(queries -> queries.in(JobState.FAILED)).get(0).id();
    var all = type(null, "resubmit", "--all", "--yes");
    assertThat(all.printed()).contains("There is no job to resubmit");
    var named = type(null, "resubmit", "--yes", first);
    assertThat(named.printed()).contains("the same content was dropped again");
    assertThat(named.exit()).isEqualTo(2);
    assertThat(kie.createCalls()).isEqualTo(2);
  }

  @Test
  void cancelAllStopsWhatIsUnderWayAndNothingElse() throws Exception {
    place.set("klingdrop.provider.kie.max-in-flight", "1");
    fate("failed", TaskPlan.fails("501", "no luck"));
    place.start();
    place.awaitJobs(JobState.FAILED, 1);
    awaitFiled();
    kie.holdTasks();
    drop("b", "c", "d");
    place.awaitJobs(JobState.RUNNING, 1);
    place.awaitJobs(JobState.READY, 2);

    var typed = type(null, "cancel", "--all");
    assertThat(typed.printed())
        .contains("3 of 3 jobs: done", "goes on at the provider and is paid");
    assertThat(typed.printed().split("nothing is charged", -1)).hasSize(3);
    assertThat(typed.exit()).isZero();
    place.awaitJobs(JobState.CANCELLED, 3);
    awaitFiled();
    assertThat(place.job("failed").state()).isEqualTo(JobState.FAILED);
    assertThat(place.tree("failed/cancelled")).filteredOn(file -> file.endsWith(".wav")).hasSize(3);
    assertThat(kie.createCalls()).isEqualTo(2);
    originals.assertEachInExactlyOnePlace();
  }

  @Test
  void aProfileIsDeliveredAgainAndRechecksAreFree() throws Exception {
    place.set("klingdrop.deliver.give-up", "1s").set("klingdrop.result.give-up", "1s");
    Files.createDirectories(folder.resolve("outbox"));
    Files.writeString(folder.resolve("outbox/avatar"), "a file where a folder should be");
    drop("stuck1", "stuck2");
    fate("empty", TaskPlan.succeeds().result(ResultShape.NO_URLS));
    fate("no luck", TaskPlan.fails("501", "no luck").credits(8));
    place.start();
    place.awaitJobs(JobState.FAILED, 4);
    awaitFiled();
    Files.delete(folder.resolve("outbox/avatar"));

    var redelivered = type(null, "redeliver", "--profile", "avatar", "--class", "delivery");
    assertThat(redelivered.printed()).contains("2 of 2 jobs: done", "is delivered again");
    assertThat(redelivered.exit()).isZero();
    place.awaitJobs(JobState.DELIVERED, 2);
    var elsewhere = type(null, "redeliver", "--profile", "other");
    assertThat(elsewhere.printed()).contains("There is no job to redeliver");

    var polls = kie.recordInfoCalls(place.job("no luck").task());
    var rechecked = type(null, "recheck", "--all");
    assertThat(rechecked.printed()).contains("2 of 2 jobs: done", "nothing is paid");
    assertThat(rechecked.exit()).isZero();
    place.await(() -> kie.recordInfoCalls(place.job("no luck").task()) > polls);
    place.awaitJobs(JobState.FAILED, 2);
    awaitFiled();
    assertThat(kie.createCalls()).isEqualTo(4);
    originals.assertEachInExactlyOnePlace();
  }

  private String id(String name) {
    return place.jobs().stream()
        .filter(job -> job.name().equals(name))
        .map(Job::id)
        .findFirst()
        .orElseThrow();
  }

  private void fate(String name, TaskPlan plan) throws IOException {
    kie.plan().when(Call.promptContains(name)).next(plan);
    drop(name);
  }

  private void drop(String... names) throws IOException {
    var inbox = place.inbox("avatar");
    for (var name : names) {
      originals.dropped(Files.writeString(inbox.resolve(name + ".txt"), name));
      originals.dropped(TestMedia.pair(inbox, name, seed++));
    }
  }

  private void awaitFiled() {
    place.await(() -> place.ask(queries -> queries.counts().open()) == 0);
  }
}
