package io.klingdrop;

import static org.assertj.core.api.Assertions.assertThat;

import io.klingdrop.job.Job;
import io.klingdrop.job.JobState;
import io.klingdrop.s3.Store;
import io.klingdrop.testing.AppProcess;
import io.klingdrop.testing.Examples;
import io.klingdrop.testing.FakeKie;
import io.klingdrop.testing.S3Server;
import io.klingdrop.testing.TestMedia;
import io.klingdrop.testing.Workplace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A bucket as an inbox: the route of the documents as it stands there, against a real server. */
class S3InboxTest {
  private static final String AWS = "region=eu-central-1&useDefaultCredentialsProvider=true";

  /** Where the program dies in these tests. */
  static final List<String> POINTS = List.of("intake.received");

  @TempDir private Path temp;
  private Path folder;
  private Path files;
  private FakeKie kie;
  private S3Server server;
  private Workplace place;

  @BeforeEach
  void open() throws IOException {
    folder = Files.createDirectories(temp.resolve("work"));
    files = Files.createDirectories(temp.resolve("files"));
    kie = FakeKie.start();
    server = S3Server.start().withBucket("studio-in").withBucket("studio-done");
    place =
        new Workplace(folder, kie)
            .set("AWS_ENDPOINT_URL_S3", server.url().toString())
            .set("AWS_ACCESS_KEY_ID", S3Server.ACCESS_KEY)
            .set("AWS_SECRET_ACCESS_KEY", S3Server.SECRET_KEY);
    var routes = Files.createDirectories(folder.resolve("routes"));
    try (var shipped = Files.list(Path.of("routes"))) {
      for (var file : shipped.toList()) {
        Files.copy(file, routes.resolve(file.getFileName()));
      }
    }
    route(Examples.yaml("aws2-s3:"));
  }

  @AfterEach
  void close() throws IOException {
    kie.close();
    server.close();
  }

  private void route(String yaml) throws IOException {
    Files.writeString(
        folder.resolve("routes/studio.camel.yaml"), yaml.replace("delay=5000", "delay=300"));
  }

  private AppProcess start(String... options) throws IOException {
    return AppProcess.start(folder, place.environment(), List.of(options));
  }

  private static void put(Store bucket, String key, Path file) {
    bucket.put(key, file, "application/octet-stream", Map.of());
  }

  private void putPair(Store bucket, String path, int seed) throws IOException {
    var pair = TestMedia.pair(files, path.replace('/', '-'), seed);
    put(bucket, path + ".png", pair.image());
    put(bucket, path + ".wav", pair.audio());
  }

  private static List<String> keys(Store bucket) {
    return bucket.list("").stream().map(stored -> stored.key()).sorted().toList();
  }

  private void awaitEmpty(Store bucket) {
    place.await(() -> keys(bucket).isEmpty());
  }

  private void awaitFiled() {
    place.await(() -> place.jobs().stream().allMatch(Job::filed));
  }

  @Test
  void aBucketIsAnInboxInTenLines() throws Exception {
    try (var bucket = server.store("studio-in")) {
      putPair(bucket, "mia", 1);
      putPair(bucket, "course/week 1/Gr\u00fc\u00dfe", 2);
      bucket.put("course/week 1/Gr\u00fc\u00dfe.txt", "calm", "text/plain", Map.of());
      for (var other : List.of("course/plan.docx", "course/anna.wav.part", ".hidden/anna.wav")) {
        bucket.put(other, "somebody's", "text/plain", Map.of());
      }
      try (var app = start().awaitReady()) {
        place.awaitJobs(JobState.DELIVERED, 2);
        putPair(bucket, "later", 3);
        place.awaitJobs(JobState.DELIVERED, 3);
        awaitFiled();

        assertThat(place.tree("outbox"))
            .contains(
                "avatar/course/week 1/Gr\u00fc\u00dfe.mp4", "avatar/mia.mp4", "avatar/later.mp4")
            .hasSize(6);
        place.awaitAsserted(
            () ->
                assertThat(keys(bucket))
                    .containsExactly(
                        ".hidden/anna.wav", "course/anna.wav.part", "course/plan.docx"));
        assertThat(place.tree("inbox")).isEmpty();
        assertThat(app.printed()).doesNotContain("Exchange failed", S3Server.SECRET_KEY);
        assertThat(app.printed().split("plan.docx is no file of a bundle", -1)).hasSize(2);
      }
    }
    assertThat(kie.createCalls()).isEqualTo(3);
  }

  @Test
  void aDeathBetweenTakingAndRemovingPaysOnce() throws Exception {
    // as in life, the bucket is read before what lies in the inbox has settled, on a slow machine
    // too
    var settle = place.settings().inbox().settle();
    place.set("klingdrop.inbox.settle", "1h");
    try (var bucket = server.store("studio-in")) {
      putPair(bucket, "mia", 1);
      for (int n = 1; n <= 2; n++) {
        try (var app = start("-Dklingdrop.crash=intake.received:" + n)) {
          assertThat(app.exitCode()).as(app.printed()).isEqualTo(137);
        }
        assertThat(keys(bucket)).as("not removed before it was taken").contains("mia.wav");
      }
      try (var app = start().awaitReady()) {
        awaitEmpty(bucket);
        assertThat(app.alive()).isTrue();
      }
    }
    place.set("klingdrop.inbox.settle", settle.toMillis() + "ms");
    try (var app = start().awaitReady()) {
      place.awaitJobs(JobState.DELIVERED, 1);
      awaitFiled();
      assertThat(app.alive()).isTrue();
    }
    assertThat(place.jobs()).hasSize(1);
    assertThat(kie.createCalls()).isEqualTo(1);
    assertThat(place.tree("failed")).isEmpty();
    assertThat(place.tree("inbox")).isEmpty();
  }

  @Test
  void whatIsStillThereAfterItsJobIsADuplicateAndCostsNothing() throws Exception {
    try (var bucket = server.store("studio-in")) {
      for (int n = 0; n < 2; n++) {
        putPair(bucket, "mia", 1);
        try (var app = start().awaitReady()) {
          awaitEmpty(bucket);
          place.awaitJobs(n == 0 ? JobState.DELIVERED : JobState.DUPLICATE, 1);
          awaitFiled();
          assertThat(app.alive()).isTrue();
        }
      }
    }
    assertThat(kie.createCalls()).isEqualTo(1);
    assertThat(place.tree("duplicates")).contains("avatar/mia/mia.png", "avatar/mia/mia.wav");
  }

  @Test
  void aBucketThatIsDownAtTheStartHoldsUpNothingAndIsReadLater() throws Exception {
    try (var bucket = server.store("studio-in")) {
      putPair(bucket, "mia", 1);
      server.kill();
      try (var app = start().awaitReady()) {
        place.await(() -> app.printed().contains("studio-s3-inbox"));
        TestMedia.pair(place.inbox("avatar"), "here", 2);
        place.awaitJobs(JobState.DELIVERED, 1);
        server.restart();
        place.awaitJobs(JobState.DELIVERED, 2);
        awaitEmpty(bucket);
      }
    }
    assertThat(kie.createCalls()).isEqualTo(2);
  }

  @Test
  void theAccessOfTheOutboxBucketServesAndObjectsAreMovedAside() throws Exception {
    server.serve(place);
    route(
        Examples.yaml("aws2-s3:")
            .replace(AWS, "amazonS3Client=#s3Client")
            .replace(
                "deleteAfterRead=true",
                "deleteAfterRead=true&moveAfterRead=true&destinationBucket=studio-done"));
    try (var bucket = server.store("studio-in");
        var done = server.store("studio-done")) {
      putPair(bucket, "course/mia", 1);
      try (var app = start().awaitReady()) {
        place.awaitJobs(JobState.DELIVERED, 1);
        awaitEmpty(bucket);
        assertThat(keys(done)).containsExactly("course/mia.png", "course/mia.wav");
        assertThat(app.alive()).isTrue();
      }
    }
  }
}
