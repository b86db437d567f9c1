package io.klingdrop;

import static io.klingdrop.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.klingdrop.job.JobState;
import io.klingdrop.ledger.JobHistory.OwedTarget;
import io.klingdrop.testing.AppProcess;
import io.klingdrop.testing.FakeKie;
import io.klingdrop.testing.Listener;
import io.klingdrop.testing.S3Server;
import io.klingdrop.testing.Schemas;
import io.klingdrop.testing.TaskPlan;
import io.klingdrop.testing.TestMedia;
import io.klingdrop.testing.Workplace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an operator sees who types {@code status}. */
class StatusTest {
  @TempDir private Path folder;

  @Test
  void watchedItShowsEveryChangeUntilItIsStopped() throws Exception {
    try (var kie = FakeKie.start();
        var place = new Workplace(folder, kie)) {
      kie.holdTasks();
      place.start();
      TestMedia.pair(place.inbox("avatar"), "one", 1);
      place.awaitJobs(JobState.RUNNING, 1);
      try (var status = AppProcess.start(folder, place.environment(), "status", "--watch")) {
        await()
            .untilAsserted(
                () -> assertThat(status.printed()).containsPattern("RUNNING +1").contains("one"));
        kie.releaseTasks();
        await().untilAsserted(() -> assertThat(status.printed()).containsPattern("DELIVERED +1"));
        assertThat(status.printed()).doesNotContain("\033[");
      }
    }
  }

  @Test
  void forProgramsItIsOneJsonDocumentAndSoIsWhy() throws Exception {
    try (var kie = FakeKie.start();
        var place = new Workplace(folder, kie)) {
      assertThat(typed(place, "status", "--json").path("jobs")).isEmpty();
      kie.plan().always(TaskPlan.fails("501", "no luck"));
      TestMedia.pair(place.inbox("avatar"), "one", 1);
      assertThat(place.drain()).isEqualTo(1);

      var status = typed(place, "status", "--json");
      assertThat(status.at("/states/FAILED").asInt()).isEqualTo(1);
      assertThat(status.at("/jobs/0/failCode").asText()).isEqualTo("501");
      var why = typed(place, "why", "one", "--json");
      assertThat(why.path("job").asText()).isEqualTo(place.job("one").id());
      Schemas.assertFits("listed", status.at("/jobs/0"));
      Schemas.assertFits("why", why);
      assertThat(why.path("timeline")).hasSizeGreaterThan(3);
      assertThat(why.path("attemptList")).hasSize(1);
      assertThat(typed(place, "outcomes", "--json").path("messages")).isEmpty();
      TestMedia.pair(place.inbox("avatar"), "two", 2);
      var plan = typed(place, "plan", "--json");
      assertThat(plan.at("/bundles/0/name").asText()).isEqualTo("avatar/two");
      assertThat(plan.at("/bundles/0/files")).hasSize(2);
      assertThat(why.path("advice").asText()).contains("no luck");
    }
  }

  @Test
  void whySaysWhereTheResultsAreAndWhatSomebodyHasNotTakenYet() throws Exception {
    var work = Files.createDirectories(folder.resolve("work"));
    try (var kie = FakeKie.start();
        var server = S3Server.start();
        var listener = Listener.start();
        var place = server.serve(new Workplace(work, kie))) {
      place.set("klingdrop.deliver.targets", "file,s3");
      var gone = "http://127.0.0.1:1/secret-word";
      place.set("klingdrop.channel.delivered", listener.url("/taken") + " " + gone);
      server.kill();
      TestMedia.pair(place.inbox("avatar"), "one", 1);
      place.start();
      await()
          .untilAsserted(() -> assertThat(owed(place)).extracting(OwedTarget::tries).contains(2));

      var early = typed(place, "why", "one", "--json");
      assertThat(early.at("/results/0/places/0/target").asText()).isEqualTo("file");
      assertThat(early.at("/results/0/places")).hasSize(1);
      assertThat(early.at("/owedTargets/0/target").asText()).isEqualTo("s3");
      assertThat(early.at("/owedTargets/0/error").asText()).contains("cannot be reached");
      assertThat(early.at("/owedTargets/0/nextTryAt").asText()).endsWith("Z");
      assertThat(early.path("messages")).isEmpty();
      assertThat(printed(place, "why", "one"))
          .contains("outbox/avatar/one.mp4  (file, ", "owed      s3 does not have it yet, tried ");

      server.restart();
      place.awaitJobs(JobState.DELIVERED, 1);
      await()
          .until(
              () -> place.ask(queries -> queries.history().untold(job(place)).get(0).tries()) > 0);
      var late = typed(place, "why", "one", "--json");
      assertThat(late.at("/results/0/places/1/location").asText())
          .isEqualTo("s3://studio/avatar/one.mp4");
      assertThat(late.path("owedTargets")).isEmpty();
      Schemas.assertFits("why", early);
      Schemas.assertFits("why", late);
      var message = late.at("/messages/0");
      assertThat(message.path("type").asText()).isEqualTo("io.klingdrop.job.delivered.v1");
      assertThat(message.path("endpoint").asText()).startsWith("http://127.0.0.1:1/…");
      assertThat(message.path("reached")).hasSize(1);
      assertThat(message.path("tries").asInt()).isPositive();
      assertThat(message.path("error").asText()).isNotEmpty();
      assertThat(message.path("nextTryAt").asText()).endsWith("Z");
      assertThat(printed(place, "why", "one"))
          .contains("message   " + message.path("id").asText(), "has not arrived at http://")
          .doesNotContain("secret-word");
      assertThat(late.toString()).doesNotContain("secret-word");
    }
  }

  @Test
  void aLauncherWithSignsOfPrintfInItsNameIsSaidAsItIs() throws Exception {
    var work = Files.createDirectories(folder.resolve("work"));
    try (var kie = FakeKie.start();
        var place = new Workplace(work, kie)) {
      place.set("klingdrop.channel.delivered", "http://127.0.0.1:1/");
      TestMedia.pair(place.inbox("avatar"), "one", 1);
      place.start();
      place.awaitJobs(JobState.DELIVERED, 1);
      await()
          .until(
              () -> place.ask(queries -> queries.history().untold(job(place)).get(0).tries()) > 0);

      var launcher = List.of("-Dklingdrop.command=/opt/100%done/{}");
      try (var app = AppProcess.start(work, place.environment(), launcher, "status")) {
        assertThat(app.exitCode()).as(app.printed()).isZero();
        assertThat(app.output())
            .contains("outcomes: 1 message waits, 1 not taken, the oldest since ")
            .contains("; see: /opt/100%done/{} outcomes\n");
      }
    }
  }

  private static String job(Workplace place) {
    return place.onlyJob().id();
  }

  private static List<OwedTarget> owed(Workplace place) {
    return place.jobs().isEmpty()
        ? List.of()
        : place.ask(queries -> queries.history().owed(job(place)));
  }

  private static String printed(Workplace place, String... words) throws Exception {
    try (var app = AppProcess.start(place.folder(), place.environment(), words)) {
      assertThat(app.exitCode()).as(app.printed()).isZero();
      assertThat(app.printed()).as("what Java itself has to say").doesNotContain("WARNING: ");
      return app.output();
    }
  }

  private static JsonNode typed(Workplace place, String... words) throws Exception {
    return new ObjectMapper().readTree(printed(place, words));
  }
}
