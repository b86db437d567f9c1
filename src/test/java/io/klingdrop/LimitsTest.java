package io.klingdrop;

import static org.assertj.core.api.Assertions.assertThat;

import io.klingdrop.job.JobState;
import io.klingdrop.testing.Endpoint;
import io.klingdrop.testing.FakeKie;
import io.klingdrop.testing.Originals;
import io.klingdrop.testing.TestMedia;
import io.klingdrop.testing.Workplace;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** However much is dropped at once, the provider never has to refuse for reasons of its limits. */
class LimitsTest {
  @TempDir private Path folder;
  private FakeKie kie;
  private Workplace place;
  private Originals originals;

  @BeforeEach
  void open() {
    kie = FakeKie.start();
    place = new Workplace(folder, kie);
    originals = new Originals(folder);
  }

  @AfterEach
  void close() throws Exception {
    place.close();
    kie.close();
  }

  @Test
  void aDumpOfPairsNeverMeetsTheRateLimitsOfTheAccount() throws Exception {
    kie.taskTime(Duration.ofMillis(300));
    kie.limitCreates(30, Duration.ofSeconds(2));
    kie.limitPolls(60, Duration.ofSeconds(1));
    place.set("klingdrop.provider.kie.create-rate", "20/2s");
    place.set("klingdrop.provider.kie.poll-rate", "40/1s");
    drop(36);
    place.start();
    place.awaitJobs(JobState.DELIVERED, 36);

    assertThat(kie.rejections429()).isZero();
    assertThat(kie.createCalls()).isEqualTo(36);
    var times = kie.callTimes(Endpoint.CREATE_TASK);
    assertThat(Duration.between(times.get(0), times.get(35))).isGreaterThan(Duration.ofSeconds(3));
    place.await(() -> place.ask(queries -> queries.counts().open()) == 0);
    originals.assertEachInExactlyOnePlace();
  }

  @Test
  void aDumpOfPairsNeverTakesMorePlacesThanTheAccountHas() throws Exception {
    kie.taskTime(Duration.ofMillis(700));
    kie.limitRunning(6);
    place.set("klingdrop.provider.kie.max-in-flight", "6");
    drop(24);
    place.start();
    place.awaitJobs(JobState.DELIVERED, 24);

    assertThat(kie.rejections429()).isZero();
    assertThat(kie.maxRunning()).isEqualTo(6);
    assertThat(kie.createCalls()).isEqualTo(24);
    place.await(() -> place.ask(queries -> queries.counts().open()) == 0);
    originals.assertEachInExactlyOnePlace();
  }

  private void drop(int count) throws Exception {
    for (int i = 0; i < count; i++) {
      originals.dropped(TestMedia.pair(place.inbox("avatar"), "pair" + i, 500 + i));
    }
  }
}
