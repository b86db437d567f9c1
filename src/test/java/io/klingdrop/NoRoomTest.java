package io.klingdrop;

import static io.klingdrop.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.klingdrop.job.JobState;
import io.klingdrop.testing.FakeKie;
import io.klingdrop.testing.Http;
import io.klingdrop.testing.SmallDisk;
import io.klingdrop.testing.TestMedia;
import io.klingdrop.testing.Workplace;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A disk without room: no task is paid for until there is some, and what runs is followed. */
class NoRoomTest {
  @TempDir private Path folder;
  private FakeKie kie;
  private Workplace place;
  private Http http;

  @BeforeEach
  void open() {
    kie = FakeKie.start();
    place = new Workplace(folder, kie);
    http = place.http();
  }

  @AfterEach
  void close() throws Exception {
    place.close();
    kie.close();
  }

  private String lanes() {
    return http.get("/ops/api/lanes").body();
  }

  @Test
  void withoutRoomInTheOutboxNothingIsPaidForUntilThereIsRoom() throws Exception {
    try (var disk = SmallDisk.at(folder.resolve("outbox"), "200m")) {
      kie.holdTasks();
      TestMedia.pair(place.inbox("avatar"), "a", 1);
      place.start().awaitHttp(http);
      place.awaitJobs(JobState.RUNNING, 1);

      disk.remount("size=8m");
      TestMedia.pair(place.inbox("avatar"), "b", 2);
      await().until(() -> lanes().contains("disk") || kie.createCalls() > 1);
      assertThat(kie.createCalls()).as("tasks that were paid for").isEqualTo(1);
      place.awaitJobs(JobState.READY, 1);
      kie.releaseTasks();
      place.awaitJobs(JobState.DELIVERED, 1);

      assertThat(lanes()).contains("MiB are free for the outbox folder");
      await().until(() -> http.get("/observe/health").statusCode() == 503);
      assertThat(kie.createCalls()).isEqualTo(1);
      place.awaitJobs(JobState.READY, 1);

      disk.remount("size=200m");
      place.awaitJobs(JobState.DELIVERED, 2);
      assertThat(kie.createCalls()).isEqualTo(2);
      assertThat(lanes()).doesNotContain("disk");
    }
  }
}
