package io.klingdrop;

import static io.klingdrop.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.klingdrop.job.JobState;
import io.klingdrop.testing.FakeKie;
import io.klingdrop.testing.SmallDisk;
import io.klingdrop.testing.TestMedia;
import io.klingdrop.testing.Workplace;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An outbox whose share goes away while the service runs; its place is an empty folder then. */
class UnmountedOutboxTest {
  @TempDir private Path folder;

  @Test
  void itHoldsUpDeliveriesAlone() throws Exception {
    var outbox = folder.resolve("outbox");
    try (var kie = FakeKie.start();
        var place = new Workplace(folder, kie)) {
      var http = place.http();
      try (var share = SmallDisk.at(outbox, "200m")) {
        assertThat(share).as("the share is mounted").isNotNull();
        TestMedia.pair(place.inbox("avatar"), "a", 1);
        place.start().awaitHttp(http);
        place.awaitJobs(JobState.DELIVERED, 1);
      }
      await().until(() -> http.get("/observe/health").body().contains("Is the share mounted?"));

      TestMedia.pair(place.inbox("avatar"), "b", 2);
      place.awaitJobs(JobState.FETCHED, 1);

      assertThat(kie.createCalls()).as("the task is created all the same").isEqualTo(2);
      assertThat(http.get("/ops/api/lanes").body()).doesNotContain("disk");
      assertThat(outbox).isEmptyDirectory();

      Files.createFile(outbox.resolve(".klingdrop"));
      place.awaitJobs(JobState.DELIVERED, 2);
    }
  }
}
