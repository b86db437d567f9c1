package io.klingdrop;

import static org.assertj.core.api.Assertions.assertThat;

import io.klingdrop.job.JobState;
import io.klingdrop.ledger.Database;
import io.klingdrop.ledger.Uploads;
import io.klingdrop.testing.Answers;
import io.klingdrop.testing.Digests;
import io.klingdrop.testing.Endpoint;
import io.klingdrop.testing.FakeKie;
import io.klingdrop.testing.S3Server;
import io.klingdrop.testing.TestMedia;
import io.klingdrop.testing.Workplace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** kie.ai without its upload host: it reads media from a bucket, by signed addresses. */
class S3KieMediaTest {
  @TempDir private Path temp;
  private S3Server server;
  private FakeKie kie;
  private Workplace place;

  @BeforeEach
  void open() throws IOException {
    server = S3Server.start();
    kie = FakeKie.start();
    place =
        server
            .serve(new Workplace(Files.createDirectories(temp.resolve("work")), kie))
            .set("klingdrop.media.publish", "s3")
            .set("klingdrop.media.sweep", "500ms")
            // nobody answers there
            .set("klingdrop.provider.kie.upload-url", "http://127.0.0.1:1");
  }

  @AfterEach
  void close() throws IOException {
    place.close();
    kie.close();
    server.close();
  }

  private <T> T uploads(java.util.function.Function<Uploads, T> question) {
    var db = place.settings().database();
    try (var database = Database.open(db.url(), db.user(), db.password())) {
      return question.apply(new Uploads(database));
    }
  }

  @Test
  void theProviderGetsTheVeryBytesAndTheUploadHostIsNeverCalled() throws Exception {
    var voiced = TestMedia.pair(place.inbox("avatar"), "voiced", 1);
    var still = TestMedia.pair(place.inbox("kling-2-6"), "still", 2).image();
    Files.delete(still.resolveSibling("still.wav"));
    Files.writeString(still.resolveSibling("still.txt"), "the camera moves slowly");
    var hashes =
        List.of(
            Digests.sha256(voiced.image()), Digests.sha256(voiced.audio()), Digests.sha256(still));
    place.start();
    place.awaitJobs(JobState.DELIVERED, 2);

    assertThat(kie.accepted())
        .flatExtracting(task -> task.media().values())
        .containsExactlyInAnyOrderElementsOf(hashes);
    assertThat(kie.accepted())
        .flatExtracting(task -> task.media().keySet())
        .containsExactlyInAnyOrder("/image_url", "/audio_url", "/image_urls/0");
    assertThat(kie.calls(Endpoint.UPLOAD)).isZero();
    assertThat(kie.createCalls()).isEqualTo(2);
    place.await(() -> server.keys().isEmpty());
  }

  @Test
  void anAddressThatRunsOutWhileTheJobWaitsIsMadeAnew() throws Exception {
    var shut = new AtomicBoolean(true);
    kie.on(Endpoint.CREATE_TASK)
        .when(call -> shut.get())
        .always(Answers.envelope(402, "Credits insufficient"));
    var pair = TestMedia.pair(place.inbox("avatar"), "late", 1);
    var hash = Digests.sha256(pair.audio());
    place.start();
    place.await(() -> kie.createCalls() >= 1);
    var job = place.onlyJob();
    var old = uploads(rows -> rows.find(job.id(), "late.wav", Instant.now())).orElseThrow();
    // in an hour it is still good, but the provider may read it later than that
    uploads(
        rows -> {
          rows.keep(job.id(), "late.wav", old, Instant.now().plus(Duration.ofHours(1)));
          return null;
        });
    place.await(
        () ->
            !uploads(rows -> rows.find(job.id(), "late.wav", Instant.now()))
                .equals(java.util.Optional.of(old)));
    shut.set(false);
    place.awaitJobs(JobState.DELIVERED, 1);

    var sent = kie.accepted().get(0).request().at("/input/audio_url").asText();
    assertThat(sent).contains("X-Amz-Signature=").isNotEqualTo(old);
    assertThat(kie.accepted().get(0).media()).containsEntry("/audio_url", hash);
    assertThat(kie.accepted()).hasSize(1);
    place.await(() -> server.keys().isEmpty());
  }

  @Test
  void anAddressTheBucketRefusesIsNoTask() throws Exception {
    place.set("klingdrop.submit.give-up", "1s");
    kie.on(Endpoint.CREATE_TASK)
        .always(
            turn -> {
              try (var store = server.store()) {
                store.list("media/").forEach(stored -> store.remove(stored.key()));
              }
              turn.send(turn.honest());
            });
    TestMedia.pair(place.inbox("avatar"), "gone", 1);
    assertThat(place.drain()).isEqualTo(1);

    assertThat(kie.accepted()).isEmpty();
    assertThat(place.onlyJob().state()).isEqualTo(JobState.FAILED);
  }
}
