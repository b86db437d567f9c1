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

/** A work folder that lies on another disk than all the others. */
class WorkOnAnotherDiskTest {
  @TempDir private Path folder;

  @Test
  void filesArriveWhereTheyBelongAndNoneIsLeft() throws Exception {
    try (var kie = FakeKie.start();
        var place = new Workplace(folder, kie);
        var disk = SmallDisk.at(folder.resolve("work"), "200m")) {
      assertThat(disk).isNotNull();
      place.set("klingdrop.work.dir", "work");
      TestMedia.pair(place.inbox("avatar"), "good", 1);
      Files.writeString(place.inbox("avatar").resolve("bad.png"), "no picture");
      Files.writeString(place.inbox("avatar").resolve("bad.wav"), "no sound");

      place.start();
      place.awaitJobs(JobState.DELIVERED, 1);
      place.awaitJobs(JobState.FAILED, 1);

      await().until(() -> place.tree("archive").size() == 2);
      await().until(() -> place.tree("failed").size() == 4);
      await().until(() -> place.tree("work").isEmpty());
      assertThat(place.tree("archive")).allMatch(name -> name.startsWith("avatar/good."));
      assertThat(place.tree("failed"))
          .containsExactly(
              "invalid/avatar/bad/bad.png",
              "invalid/avatar/bad/bad.wav",
              "invalid/avatar/bad/error.json",
              "invalid/avatar/bad/error.txt");
      assertThat(place.tree("inbox")).isEmpty();
      assertThat(folder.resolve("work/.klingdrop")).isRegularFile();
      assertThat(folder.resolve("data/work")).doesNotExist();
    }
  }
}
