package io.klingdrop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.klingdrop.job.JobState;
import io.klingdrop.testing.AppProcess;
import io.klingdrop.testing.FakeKie;
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
}
