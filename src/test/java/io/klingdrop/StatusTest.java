package io.klingdrop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.klingdrop.job.JobState;
import io.klingdrop.testing.AppProcess;
import io.klingdrop.testing.FakeKie;
import io.klingdrop.testing.TaskPlan;
import io.klingdrop.testing.TestMedia;
import io.klingdrop.testing.Workplace;
import java.nio.file.Path;
import java.time.Duration;
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
            .atMost(Duration.ofSeconds(30))
            .untilAsserted(
                () -> assertThat(status.printed()).containsPattern("RUNNING +1").contains("one"));
        kie.releaseTasks();
        await()
            .atMost(Duration.ofSeconds(30))
            .untilAsserted(() -> assertThat(status.printed()).containsPattern("DELIVERED +1"));
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
      assertThat(status.at("/jobs/0/failure/code").asText()).isEqualTo("501");
      var why = typed(place, "why", "one", "--json");
      assertThat(why.path("id").asText()).isEqualTo(place.job("one").id());
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

  private JsonNode typed(Workplace place, String... words) throws Exception {
    try (var app = AppProcess.start(folder, place.environment(), words)) {
      assertThat(app.exitCode(Duration.ofSeconds(60))).as(app.printed()).isZero();
      return new ObjectMapper().readTree(app.printed());
    }
  }
}
