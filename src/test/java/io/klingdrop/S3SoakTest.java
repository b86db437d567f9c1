package io.klingdrop;

import static org.assertj.core.api.Assertions.assertThat;

import io.klingdrop.job.JobState;
import io.klingdrop.testing.FakeKie;
import io.klingdrop.testing.Patience;
import io.klingdrop.testing.S3Server;
import io.klingdrop.testing.TaskPlan;
import io.klingdrop.testing.TestMedia;
import io.klingdrop.testing.Workplace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Many pairs to both targets while the bucket's server is killed and started again: twenty by
 * default, two hundred with {@code -Plong}.
 */
class S3SoakTest {
  @TempDir private Path temp;

  @Test
  void everyVideoEndsInBothTargetsThoughTheServerDiesAgainAndAgain() throws Exception {
    var pairs = Integer.getInteger("klingdrop.s3.pairs", 20);
    var random = new Random(Long.getLong("klingdrop.soak.seed", 7));
    var folder = Files.createDirectories(temp.resolve("work"));
    try (var kie = FakeKie.start();
        var server = S3Server.start();
        var place = server.serve(new Workplace(folder, kie))) {
      kie.plan().always(TaskPlan.succeeds().padding(6_000_000));
      place.set("klingdrop.deliver.targets", "s3, file").set("klingdrop.s3.part-size", "5MiB");
      place.start();
      for (int n = 0; n < pairs; n++) {
        TestMedia.pair(place.inbox("avatar"), "pair" + n, n);
        if (n % 7 == 3) {
          pause(random);
          server.kill();
          pause(random);
          server.restart();
        }
      }
      awaitDelivered(place, pairs);

      assertThat(server.keys()).hasSize(2 * pairs);
      assertThat(place.tree("outbox")).hasSize(2 * pairs);
      for (var job : place.jobs()) {
        var film = kie.resultBytes(job.task(), 1);
        var name = "avatar/" + job.name() + ".mp4";
        assertHolds(folder.resolve("outbox").resolve(name), film);
        assertHolds(server.object(name), film);
      }
      assertThat(kie.accepted()).hasSize(pairs);
    }
  }

  private static void assertHolds(Path file, byte[] film) throws IOException {
    assertThat(Arrays.mismatch(Files.readAllBytes(file), film))
        .as("%s differs at", file)
        .isEqualTo(-1);
  }

  private static void awaitDelivered(Workplace place, int pairs) {
    Patience.await()
        .atMost(Duration.ofMinutes(15))
        .pollInterval(Duration.ofMillis(200))
        .until(
            () ->
                place
                        .ask(queries -> queries.counts().byState())
                        .getOrDefault(JobState.DELIVERED, 0L)
                    == pairs);
  }

  private static void pause(Random random) {
    var end = System.nanoTime() + random.nextInt(200, 1500) * 1_000_000L;
    Patience.await().until(() -> System.nanoTime() > end);
  }
}
