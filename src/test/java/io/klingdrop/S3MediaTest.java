package io.klingdrop;

import static org.assertj.core.api.Assertions.assertThat;

import io.klingdrop.job.JobState;
import io.klingdrop.testing.AppProcess;
import io.klingdrop.testing.Digests;
import io.klingdrop.testing.FakeKie;
import io.klingdrop.testing.FakeKling;
import io.klingdrop.testing.KlingEndpoint;
import io.klingdrop.testing.S3Server;
import io.klingdrop.testing.TestMedia;
import io.klingdrop.testing.Workplace;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Media that a provider reads from the bucket, by signed addresses. */
class S3MediaTest {
  /** Where the program dies in these tests. */
  static final List<String> POINTS = List.of("submit.media-put", "submit.media-forgotten");

  @TempDir private Path temp;
  private Path folder;
  private S3Server server;
  private FakeKling kling;
  private Workplace place;

  @BeforeEach
  void open() throws IOException {
    folder = Files.createDirectories(temp.resolve("work"));
    server = S3Server.start();
    kling = FakeKling.start();
    place =
        server
            .serve(new Workplace(folder, "relay", kling))
            .set("klingdrop.media.publish", "s3")
            .set("klingdrop.media.sweep", "500ms");
  }

  @AfterEach
  void close() throws IOException {
    place.close();
    kling.close();
    server.close();
  }

  private void awaitKeys(String... keys) {
    place.awaitAsserted(() -> assertThat(server.keys()).containsExactly(keys));
  }

  private static byte[] read(String address) throws IOException {
    try (InputStream in = URI.create(address).toURL().openStream()) {
      return in.readAllBytes();
    }
  }

  @Test
  void aProviderReadsMediaByAddressUntilTheTaskIsOver() throws Exception {
    var theirs = "media/somebody/holiday.mp4";
    try (var store = server.store()) {
      store.put(theirs, "theirs", "video/mp4", Map.of());
    }
    kling.holdTasks();
    var pair = TestMedia.pair(place.inbox("relay-avatar"), "one", 1);
    var hash = Digests.sha256(pair.image());
    try (var app = AppProcess.start(folder, place.environment())) {
      place.awaitJobs(JobState.RUNNING, 1);
      var address = kling.accepted().get(0).request().path("image").asText();
      assertThat(address)
          .matches(
              server.url()
                  + "/studio/media/"
                  + place.onlyJob().id()
                  + "/[0-9a-f]{40}\\.png\\?.*X-Amz-Expires=86400.*X-Amz-Signature=.*");
      assertThat(Digests.sha256(read(address))).isEqualTo(hash);
      assertThat(server.keys()).hasSize(3);

      kling.releaseTasks();
      place.awaitJobs(JobState.DELIVERED, 1);
      awaitKeys(theirs);
      assertThat(app.printed()).contains("delivered").doesNotContain("X-Amz", "media/kd");
    }
  }

  @Test
  void aDeathAtAnyPointLeavesNothingOnTheShelf() throws Exception {
    for (int n = 0; n < POINTS.size(); n++) {
      TestMedia.pair(place.inbox("relay-avatar"), "pair" + n, n);
      var options = List.of("-Dklingdrop.crash=" + POINTS.get(n));
      try (var app = AppProcess.start(folder, place.environment(), options)) {
        assertThat(app.exitCode()).as(POINTS.get(n)).isEqualTo(137);
      }
    }
    place.start();
    place.awaitJobs(JobState.DELIVERED, POINTS.size());
    assertThat(kling.accepted()).hasSize(POINTS.size());
    // what a dead program put there runs out by itself, see klingdrop.media.ttl
    place.await(() -> server.keys().size() <= 1);
  }

  @Test
  void aSignatureTheProviderRepeatsIsNeitherLoggedNorNoted() throws Exception {
    kling
        .on(KlingEndpoint.CREATE_AVATAR)
        .always(
            turn -> {
              var address = turn.call().json().path("image").asText();
              kling.error(1201, "Failed to read " + address + " (404)").play(turn);
            });
    TestMedia.pair(place.inbox("relay-avatar"), "one", 1);
    try (var app = AppProcess.start(folder, place.environment(), "--exit-when-idle")) {
      assertThat(app.exitCode()).isEqualTo(1);
      var error = Files.readString(folder.resolve("failed/invalid/relay-avatar/one/error.json"));
      for (var text : new String[] {app.printed(), error}) {
        assertThat(text)
            .contains("Failed to read http", "X-Amz-Signature=[hidden]")
            .doesNotContainPattern("X-Amz-(Signature|Credential)=[^\\[]");
      }
    }
  }

  @Test
  void mediaOfAJobThatFailedAreRemovedToo() throws Exception {
    kling.holdTasks();
    TestMedia.pair(place.inbox("relay-avatar"), "one", 1);
    place.start();
    place.awaitJobs(JobState.RUNNING, 1);
    assertThat(server.keys()).hasSize(2);

    kling.fail(kling.accepted().get(0).taskId(), "internal error");
    place.awaitJobs(JobState.FAILED, 1);
    awaitKeys();
  }

  @Test
  void aBucketThatIsDownHoldsTheJobBeforeAnythingIsPaid() throws Exception {
    server.kill();
    TestMedia.pair(place.inbox("relay-avatar"), "one", 1);
    place.start();
    place.await(() -> place.jobs().stream().anyMatch(job -> job.progress().tries() > 0));
    assertThat(kling.createCalls()).isZero();

    server.restart();
    place.awaitJobs(JobState.DELIVERED, 1);
    assertThat(kling.createCalls()).isEqualTo(1);
  }

  @Test
  void anAccountThatIsNotNamedTakesMediaItsOwnWay() throws Exception {
    var other = Files.createDirectories(temp.resolve("other"));
    try (var kie = FakeKie.start();
        var kiePlace = server.serve(new Workplace(other, kie))) {
      kiePlace
          .set("klingdrop.media.publish", "s3")
          .set("klingdrop.media.publish-for", "relay, comet");
      TestMedia.pair(kiePlace.inbox("avatar"), "one", 1);

      assertThat(kiePlace.drain()).isZero();

      assertThat(kie.uploads()).hasSize(2);
    }
  }
}
