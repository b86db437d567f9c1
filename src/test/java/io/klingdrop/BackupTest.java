package io.klingdrop;

import static io.klingdrop.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.klingdrop.job.JobState;
import io.klingdrop.testing.AppProcess;
import io.klingdrop.testing.FakeKie;
import io.klingdrop.testing.TaskPlan;
import io.klingdrop.testing.TestMedia;
import io.klingdrop.testing.Workplace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A copy of the data folder, taken while the service runs, and what happens when it is put back.
 */
class BackupTest {
  @TempDir private Path temp;
  private Path folder;
  private FakeKie kie;
  private Workplace place;

  @BeforeEach
  void open() throws IOException {
    folder = Files.createDirectories(temp.resolve("work"));
    kie = FakeKie.start();
    place = new Workplace(folder, kie);
  }

  @AfterEach
  void close() throws Exception {
    place.close();
    kie.close();
  }

  private String type(int exit, String... args) throws Exception {
    try (var app = AppProcess.start(folder, place.environment(), args)) {
      assertThat(app.exitCode()).as(app.printed()).isEqualTo(exit);
      return app.printed();
    }
  }

  @Test
  void aLedgerPutBackGetsItsVideosAndPaysForNothingASecondTime() throws Exception {
    place.set("klingdrop.provider.kie.max-in-flight", "1");
    kie.holdTasks();
    place.start();
    TestMedia.pair(place.inbox("avatar"), "running", 1);
    place.awaitJobs(JobState.RUNNING, 1);
    TestMedia.pair(place.inbox("avatar"), "waiting", 2);
    place.awaitJobs(JobState.READY, 1);

    var copy = temp.resolve("copy");
    type(0, "backup", copy.toString());
    kie.releaseTasks();
    place.awaitJobs(JobState.DELIVERED, 2);
    place.close();
    assertThat(kie.accepted()).hasSize(2);

    // the disk is lost, with all that came after the copy
    for (var tree : new String[] {"data", "outbox", "archive", "failed"}) {
      delete(folder.resolve(tree));
    }
    Files.move(copy, folder.resolve("data"));
    place.start();
    place.awaitJobs(JobState.DELIVERED, 1);
    place.awaitJobs(JobState.SUBMIT_UNKNOWN, 1);

    assertThat(place.job("running").state()).isEqualTo(JobState.DELIVERED);
    assertThat(place.job("waiting").failure()).isNotNull();
    assertThat(place.job("waiting").failure().message()).contains("put back from a backup of");
    await().until(() -> place.tree("failed").contains("submit-unknown/avatar/waiting/waiting.png"));
    assertThat(place.tree("outbox")).contains("avatar/running.mp4");
    assertThat(kie.accepted()).hasSize(2);
    assertThat(folder.resolve("data/from-backup")).doesNotExist();
  }

  @Test
  void aRetryThatWasPaidSinceTheCopyIsNotPaidAgain() throws Exception {
    Files.createDirectories(folder.resolve("config/profiles"));
    Files.writeString(
        folder.resolve("config/profiles/avatar.yaml"),
        "provider: kie\nmodel: kling/v1-avatar-standard\nretry: {generation: 1}\n");
    kie.plan().next(TaskPlan.fails("501", "no luck").held());
    place.start();
    TestMedia.pair(place.inbox("avatar"), "unlucky", 1);
    place.awaitJobs(JobState.RUNNING, 1);
    var copy = temp.resolve("copy");
    type(0, "backup", copy.toString());
    kie.fail(kie.accepted().get(0).taskId(), "501", "no luck", 0);
    place.awaitJobs(JobState.DELIVERED, 1);
    place.close();
    assertThat(kie.accepted()).hasSize(2);

    delete(folder.resolve("data"));
    Files.move(copy, folder.resolve("data"));
    place.start();
    place.awaitJobs(JobState.FAILED, 1);
    assertThat(kie.accepted()).hasSize(2);
  }

  @Test
  void aFolderThatHoldsSomethingIsLeftAlone() throws Exception {
    TestMedia.pair(place.inbox("avatar"), "one", 1);
    place.drain();
    var taken = Files.createDirectories(temp.resolve("taken"));
    Files.writeString(taken.resolve("letter"), "dear");

    assertThat(type(2, "backup", taken.toString())).contains("not an empty folder");
    assertThat(taken.resolve("klingdrop.db")).doesNotExist();
  }

  private static void delete(Path tree) throws IOException {
    if (Files.exists(tree)) {
      try (var files = Files.walk(tree)) {
        for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }
}
