package io.klingdrop;

import static org.assertj.core.api.Assertions.assertThat;

import io.klingdrop.job.JobState;
import io.klingdrop.ledger.Database;
import io.klingdrop.ledger.JobQueries;
import io.klingdrop.ledger.Ledger;
import io.klingdrop.ledger.StaleJobException;
import io.klingdrop.testing.Digests;
import io.klingdrop.testing.FakeKie;
import io.klingdrop.testing.Patience;
import io.klingdrop.testing.TestMedia;
import io.klingdrop.testing.Workplace;
import java.nio.file.Path;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole job, everything real but the provider. */
class JobLifecycleTest {
  @TempDir private Path folder;
  private FakeKie kie;
  private Workplace place;

  @BeforeEach
  void open() throws Exception {
    kie = FakeKie.start();
    place = new Workplace(folder, kie);
  }

  @AfterEach
  void close() throws Exception {
    place.close();
    kie.close();
  }

  @Test
  void aDroppedPairBecomesAVideoWithItsNoteAndItsSourcesAreArchived() throws Exception {
    TestMedia.pair(place.inbox("avatar").resolve("course"), "welcome", 1);

    assertThat(place.drain()).isZero();

    assertThat(kie.accepted()).hasSize(1);
    assertThat(place.tree("outbox"))
        .containsExactly("avatar/course/welcome.json", "avatar/course/welcome.mp4");
    assertThat(Digests.sha256(folder.resolve("outbox/avatar/course/welcome.mp4")))
        .isEqualTo(Digests.sha256(kie.resultBytes(kie.accepted().get(0).taskId(), 1)));
    assertThat(place.tree("archive"))
        .containsExactly("avatar/course/welcome.png", "avatar/course/welcome.wav");
    assertThat(place.tree("inbox")).isEmpty();
    assertThat(place.tree("failed")).isEmpty();
    assertThat(place.tree("data/work")).isEmpty();
    assertThat(place.onlyJob().state()).isEqualTo(JobState.DELIVERED);
    assertThat(kie.authorizationSeenOnDownloads()).isZero();
  }

  @Test
  void anotherProcessMayReadAndWriteTheLedgerWhileTheServiceRuns() throws Exception {
    kie.holdTasks();
    TestMedia.pair(place.inbox("avatar"), "welcome", 1);
    place.start().awaitJobs(JobState.RUNNING, 1);

    var db = place.settings().database();
    try (var other = Database.open(db.url(), db.user(), db.password())) {
      var ledger = new Ledger(other, InstantSource.system());
      var jobs = new JobQueries(other);
      var job = jobs.job(place.onlyJob().id()).orElseThrow();
      Patience.await()
          .ignoreExceptionsInstanceOf(StaleJobException.class)
          .until(() -> ledger.cancelled(jobs.job(job.id()).orElseThrow(), "by hand") != null);
    }

    place.awaitJobs(JobState.CANCELLED, 1);
    Patience.await()
        .until(() -> place.tree("failed").contains("cancelled/avatar/welcome/error.json"));
    assertThat(folder.resolve("failed/cancelled/avatar/welcome/error.json"))
        .content()
        .contains("\"charged\" : \"yes\"");
  }
}
