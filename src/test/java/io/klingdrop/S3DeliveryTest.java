package io.klingdrop;

import static org.assertj.core.api.Assertions.assertThat;

import io.klingdrop.app.DoctorChecks;
import io.klingdrop.job.BundleFile;
import io.klingdrop.job.Job;
import io.klingdrop.job.JobState;
import io.klingdrop.job.Role;
import io.klingdrop.testing.AppProcess;
import io.klingdrop.testing.Digests;
import io.klingdrop.testing.FakeKie;
import io.klingdrop.testing.S3Server;
import io.klingdrop.testing.TaskPlan;
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

/** Whole jobs whose videos go to the outbox and into a bucket of a real server. */
class S3DeliveryTest {

  /** Where the program dies in these tests. */
  static final List<String> POINTS =
      List.of(
          "deliver.opened-committed",
          "deliver.s3-key-chosen",
          "deliver.s3-part-sent:2",
          "deliver.s3-put",
          "deliver.s3-confirmed",
          "deliver.s3-receipt-kept",
          "deliver.s3-note-put");

  @TempDir private Path temp;
  private Path folder;
  private FakeKie kie;
  private S3Server server;
  private Workplace place;

  @BeforeEach
  void open() throws IOException {
    folder = Files.createDirectories(temp.resolve("work"));
    kie = FakeKie.start();
    server = S3Server.start();
    place = server.serve(new Workplace(folder, kie)).set("klingdrop.deliver.targets", "file,s3");
  }

  @AfterEach
  void close() throws IOException {
    place.close();
    kie.close();
    server.close();
  }

  private void drop(String path, int seed) throws IOException {
    var file = folder.resolve("inbox/avatar").resolve(path);
    Files.createDirectories(file.getParent());
    TestMedia.pair(file.getParent(), file.getFileName().toString(), seed);
  }

  private void awaitFiled() {
    place.await(() -> place.jobs().stream().allMatch(Job::filed));
  }

  private void awaitOutbox(int files) {
    place.awaitAsserted(
        () ->
            assertThat(place.tree("outbox"))
                .filteredOn(name -> !name.contains("/."))
                .hasSize(files));
  }

  private void assertInBucket(Job job, String stem) throws IOException {
    var film = kie.resultBytes(job.task(), 1);
    assertThat(server.object(stem + ".mp4")).hasBinaryContent(film);
    try (var store = server.store()) {
      var metadata = store.find(stem + ".mp4").orElseThrow().metadata();
      assertThat(metadata)
          .containsEntry("klingdrop-job", job.id())
          .containsEntry("klingdrop-task", job.task())
          .containsEntry("klingdrop-model", job.model())
          .containsEntry("klingdrop-sha256", Digests.sha256(film))
          .containsEntry("klingdrop-audio-sha256", sourceHash(job, Role.AUDIO))
          .containsEntry("klingdrop-image-sha256", sourceHash(job, Role.IMAGE));
      var note = store.read(stem + ".json", 10_000);
      assertThat(note)
          .contains(
              job.id(),
              "\"file\" : \"" + stem.substring(stem.lastIndexOf('/') + 1) + ".mp4\"",
              Digests.sha256(film));
    }
  }

  private static String sourceHash(Job job, Role role) {
    return job.files().stream()
        .filter(file -> file.role() == role)
        .map(BundleFile::sha256)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aVideoGoesToTheOutboxAndTheBucketWithAReceiptEach() throws Exception {
    drop("week 1/Gr\u00fc\u00dfe ${bean:ledger}", 1);
    place.start();
    place.awaitJobs(JobState.DELIVERED, 1);
    awaitFiled();

    var job = place.onlyJob();
    var stem = "avatar/week 1/Gr\u00fc\u00dfe _(bean:ledger)";
    assertThat(server.keys()).containsExactly(stem + ".json", stem + ".mp4");
    assertInBucket(job, stem);
    assertThat(place.tree("outbox"))
        .containsExactly(
            "avatar/week 1/Gr\u00fc\u00dfe ${bean:ledger}.json",
            "avatar/week 1/Gr\u00fc\u00dfe ${bean:ledger}.mp4");
    assertThat(place.tree("data/work")).isEmpty();
    assertThat(place.tree("archive")).hasSize(2);
  }

  @Test
  void aProfileNamesTargetsOfItsOwn() throws Exception {
    var profiles = Files.createDirectories(folder.resolve("config/profiles"));
    Files.writeString(
        profiles.resolve("cloud.yaml"),
        "provider: kie\nmodel: kling/v1-avatar-standard\ntargets: [s3]\n");
    place.set("klingdrop.deliver.targets", "file");
    TestMedia.pair(place.inbox("cloud"), "far", 1);
    TestMedia.pair(place.inbox("avatar"), "near", 2);
    place.start();
    place.awaitJobs(JobState.DELIVERED, 2);

    assertThat(server.keys()).containsExactly("cloud/far.json", "cloud/far.mp4");
    assertThat(place.tree("outbox")).containsExactly("avatar/near.json", "avatar/near.mp4");
  }

  @Test
  void aServerThatIsDownHoldsNeitherTheOutboxNorTheVideoForLong() throws Exception {
    server.kill();
    drop("one", 1);
    drop("two", 2);
    place.start();
    awaitOutbox(4);
    assertThat(place.jobs()).allMatch(job -> job.state() == JobState.FETCHED);
    assertThat(place.tree("archive")).isEmpty();
    assertThat(place.tree("data/work")).isNotEmpty();

    server.restart();
    place.awaitJobs(JobState.DELIVERED, 2);
    awaitFiled();
    assertInBucket(place.job("one"), "avatar/one");
    assertInBucket(place.job("two"), "avatar/two");
    assertThat(place.tree("outbox")).hasSize(4);
    assertThat(place.tree("data/work")).isEmpty();
  }

  @Test
  void anOutboxThatRefusesDoesNotHoldTheBucket() throws Exception {
    Files.createDirectories(folder.resolve("outbox"));
    Files.writeString(folder.resolve("outbox/avatar"), "a file where a folder should be");
    drop("one", 1);
    place.start();
    place.awaitAsserted(
        () -> assertThat(server.keys()).containsExactly("avatar/one.json", "avatar/one.mp4"));
    assertThat(place.onlyJob().state()).isEqualTo(JobState.FETCHED);

    Files.delete(folder.resolve("outbox/avatar"));
    place.awaitJobs(JobState.DELIVERED, 1);
    assertThat(place.tree("outbox")).containsExactly("avatar/one.json", "avatar/one.mp4");
    assertThat(server.keys()).hasSize(2);
  }

  @Test
  void refusedKeysEndAsDeliveryAndRedeliverFinishesWhatIsMissing() throws Exception {
    place
        .set("klingdrop.s3.secret-key", "not-the-secret-key")
        .set("klingdrop.deliver.give-up", "1s");
    drop("one", 1);
    place.start();
    place.awaitJobs(JobState.FAILED, 1);
    awaitFiled();

    var job = place.onlyJob();
    var error = place.note("failed/delivery/avatar/one/error.json");
    assertThat(error.path("charged").asText()).isEqualTo("yes");
    assertThat(error.path("failMessage").asText())
        .contains("refuses the keys (SignatureDoesNotMatch)", "data/work")
        .doesNotContain("not-the-secret-key");
    assertThat(place.tree("outbox")).as("the outbox has it").hasSize(2);
    assertThat(place.tree("data/work/" + job.id())).contains("out/1");

    place.close();
    place.set("klingdrop.s3.secret-key", S3Server.SECRET_KEY).start();
    place.change(ledger -> ledger.redelivered(job, "a person asked for delivery"));
    place.awaitJobs(JobState.DELIVERED, 1);
    awaitFiled();
    assertInBucket(place.onlyJob(), "avatar/one");
    assertThat(place.tree("outbox")).as("not written again").hasSize(2);
    assertThat(place.tree("data/work")).isEmpty();
    assertThat(kie.createCalls()).isEqualTo(1);
  }

  @Test
  void aTroubleOfTheWholeBucketIsSaidOnceNotForEachJob() throws Exception {
    place.set("klingdrop.s3.bucket", "nobodys-bucket").set("klingdrop.deliver.targets", "s3");
    for (int n = 0; n < 5; n++) {
      drop("pair" + n, n);
    }
    try (var app = AppProcess.start(folder, place.environment())) {
      place.await(
          () ->
              place.jobs().size() == 5
                  && place.jobs().stream().allMatch(this::hasHeardOfTheBucket)
                  && number("select sum(tries) from shipment") >= 15);
      assertThat(app.printed().split("nobodys-bucket", -1)).hasSize(2);
      assertThat(app.printed())
          .contains("does not exist; make it, or set klingdrop.s3.bucket", "safe in data/work")
          .doesNotContain(S3Server.SECRET_KEY);
    }
  }

  private boolean hasHeardOfTheBucket(Job job) {
    return place.ask(queries -> queries.history().timeline(job.id())).stream()
        .anyMatch(event -> event.note().contains("nobodys-bucket"));
  }

  @Test
  void aKeyThatIsTakenIsLeftAlone() throws Exception {
    try (var store = server.store()) {
      store.put("avatar/one.mp4", "somebody's", "video/mp4", Map.of());
      store.put("avatar/two.json", "{}", "application/json", Map.of());
    }
    drop("one", 1);
    drop("two", 2);
    place.start();
    place.awaitJobs(JobState.DELIVERED, 2);

    assertThat(server.object("avatar/one.mp4")).hasContent("somebody's");
    assertInBucket(place.job("one"), "avatar/one~2");
    assertInBucket(place.job("two"), "avatar/two~2");
    assertThat(server.keys()).hasSize(6);
  }

  @Test
  void aDeathAtAnyPointLeavesOneObjectAndOneReceipt() throws Exception {
    place.set("klingdrop.s3.part-size", "5MiB").set("klingdrop.deliver.targets", "s3");
    for (int n = 0; n < POINTS.size(); n++) {
      // three parts as long as a death after the second is to come, then two
      var size = n <= POINTS.indexOf("deliver.s3-part-sent:2") ? 11_000_000 : 6_000_000;
      kie.plan().always(TaskPlan.succeeds().padding(size));
      drop("pair" + n, n);
      var crash = "-Dklingdrop.crash=" + POINTS.get(n);
      var options = List.of(crash);
      try (var app = AppProcess.start(folder, place.environment(), options, "--exit-when-idle")) {
        assertThat(app.exitCode()).as(POINTS.get(n) + app.printed()).isEqualTo(137);
      }
    }
    try (var app = AppProcess.start(folder, place.environment(), "--exit-when-idle")) {
      assertThat(app.exitCode()).as(app.printed()).isZero();
    }

    assertThat(server.keys()).hasSize(2 * POINTS.size()).noneMatch(key -> key.contains("~"));
    for (var job : place.jobs()) {
      assertInBucket(job, "avatar/" + job.name());
    }
    assertThat(place.tree("data/work")).isEmpty();
    assertThat(server.unfinishedUploads()).isEmpty();
    assertThat(receipts()).isEqualTo(POINTS.size());
    assertThat(kie.createCalls()).isEqualTo(POINTS.size());
  }

  private int receipts() throws Exception {
    return number("select count(*) from receipt where target = 's3'");
  }

  private int number(String query) throws Exception {
    var url = "jdbc:sqlite:" + folder.resolve("data/klingdrop.db");
    try (var connection = java.sql.DriverManager.getConnection(url);
        var sql = connection.createStatement();
        var rows = sql.executeQuery(query)) {
      rows.next();
      return rows.getInt(1);
    }
  }

  @Test
  void theSdkIsNotLoadedWhereNoTargetNeedsIt() throws Exception {
    place.set("klingdrop.deliver.targets", "file");
    drop("one", 1);
    var options = List.of("-Xlog:class+load:stdout");
    try (var app = AppProcess.start(folder, place.environment(), options, "--exit-when-idle")) {
      assertThat(app.exitCode()).isZero();
      assertThat(app.printed())
          .contains("io.klingdrop.s3.Store ")
          .doesNotContain(
              "io.klingdrop.s3.Access", "awssdk.http", "awssdk.auth", "services.s3.model");
    }
  }

  @Test
  void theCheckUpPutsAndRemovesAProbe() {
    assertThat(finding()).isEqualTo("ok bucket studio at " + server.url());
    assertThat(server.keys()).isEmpty();
    place.set("klingdrop.s3.secret-key", "not-the-secret-key");
    assertThat(finding()).startsWith("FAULT ").contains("refuses the keys");
    server.kill();
    assertThat(finding()).startsWith("FAULT ").contains("cannot be reached");
  }

  private String finding() {
    return new DoctorChecks(place.settings())
        .run().stream()
            .filter(finding -> finding.what().equals("s3"))
            .map(finding -> finding.mark() + " " + finding.said())
            .findFirst()
            .orElse("none");
  }
}
