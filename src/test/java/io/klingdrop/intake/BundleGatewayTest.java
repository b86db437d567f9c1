package io.klingdrop.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.klingdrop.files.Grounds;
import io.klingdrop.files.Hashes;
import io.klingdrop.files.Names;
import io.klingdrop.files.Sharing;
import io.klingdrop.job.BundleException;
import io.klingdrop.job.BundleException.Fault;
import io.klingdrop.job.Job;
import io.klingdrop.job.JobId;
import io.klingdrop.ledger.Database;
import io.klingdrop.ledger.JobQueries;
import io.klingdrop.ledger.NewJobs;
import io.klingdrop.ledger.Reservation;
import io.klingdrop.ledger.Reservation.Held;
import io.klingdrop.ledger.Reservations;
import io.klingdrop.settings.Settings;
import io.klingdrop.settings.SettingsReader;
import io.klingdrop.testing.SettableTime;
import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.apache.camel.Exchange;
import org.apache.camel.component.file.GenericFile;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What other routes may put into the inbox, and what lies there then. */
class BundleGatewayTest {
  @TempDir private Path folder;
  private DefaultCamelContext camel;
  private static final Needs NEEDS = new Needs(true, true, false, false, sidecar -> false);

  private Instant now = Instant.parse("2026-11-21T10:00:00Z");
  private Settings settings;
  private Database database;
  private Reservations reservations;
  private JobQueries queries;
  private Inbox inbox;
  private BundleTaker taker;
  private BundleGateway gateway;

  @BeforeEach
  void open() {
    camel = new DefaultCamelContext();
    camel.start();
    settings = SettingsReader.load(folder, Map.of(), Map.of());
    connect();
  }

  /** The gateway as a new process builds it. */
  private void connect() {
    database = Database.open("jdbc:sqlite:" + folder.resolve("data/ledger.db"), "", "");
    reservations = new Reservations(database, "");
    queries = new JobQueries(database);
    gateway =
        new BundleGateway(
            settings,
            profile -> NEEDS,
            reservations,
            queries,
            new Grounds("ledger", Map.of(), (path, disk) -> {}, Grounds::disk),
            () -> now);
    inbox =
        new Inbox(
            settings.folders().inbox(),
            new Settings.Inbox(
                Duration.ZERO, Duration.ofSeconds(1), Duration.ofMinutes(10), "avatar"),
            profile -> NEEDS,
            queries,
            null,
            SettableTime.by(() -> now),
            null);
    taker =
        new BundleTaker(
            inbox,
            settings.folders(),
            Sharing.alone(),
            profile -> new Job.Goal("kie", "model"),
            (profile, role, bytes) -> Optional.empty(),
            new NewJobs(database, () -> now),
            queries,
            () -> now,
            step -> {});
  }

  private Job taken(String lead) throws IOException {
    inbox.look(System.nanoTime());
    var file = new GenericFile<File>();
    file.setFile(settings.folders().inbox().resolve(lead).toFile());
    var job = taker.take(file);
    assertThat(job).as(lead).isNotNull();
    return job;
  }

  @AfterEach
  void close() {
    camel.stop();
    database.close();
  }

  private Exchange exchange(Object body, Map<String, Object> headers) {
    var exchange = camel.getEndpoint("direct:gateway").createExchange();
    exchange.getMessage().setBody(body);
    headers.forEach(exchange.getMessage()::setHeader);
    return exchange;
  }

  private String submit(Object body, Map<String, Object> headers) throws Exception {
    var exchange = exchange(body, headers);
    gateway.submit(exchange);
    assertThat(exchange.getMessage().getHeader("KlingdropJobId"))
        .isEqualTo(exchange.getMessage().getBody());
    return exchange.getMessage().getBody(String.class);
  }

  private List<String> inbox() throws IOException {
    var inbox = folder.resolve("inbox");
    try (var walk = Files.walk(inbox)) {
      return walk.filter(Files::isRegularFile)
          .map(file -> inbox.relativize(file).toString())
          .sorted()
          .toList();
    }
  }

  @Test
  void aMapOfFilesLiesInTheInboxUnderOneName() throws Exception {
    var id =
        submit(
            Map.of("face.png", new byte[] {1, 2}, "speech.wav", "sound", "note.txt", "be calm"),
            Map.of("KlingdropProfile", "ai-avatar", "KlingdropName", "anna"));

    assertThat(inbox())
        .containsExactly("ai-avatar/anna.png", "ai-avatar/anna.txt", "ai-avatar/anna.wav");
    assertThat(folder.resolve("inbox/ai-avatar/anna.png")).hasBinaryContent(new byte[] {1, 2});
    assertThat(taken("ai-avatar/anna.wav").id()).isEqualTo(id);
  }

  @Test
  void aFolderIsCopiedAndKeepsItsFiles() throws Exception {
    var source = Files.createDirectories(folder.resolve("elsewhere"));
    Files.writeString(source.resolve("mia.png"), "picture");
    Files.writeString(source.resolve("mia.mp3"), "voice");
    Files.writeString(source.resolve(".mia.mp3.part"), "half");
    submit(source, Map.of());

    assertThat(inbox()).containsExactly("avatar/mia.mp3", "avatar/mia.png");
    assertThat(source.resolve("mia.png")).exists();
  }

  @Test
  void aNameThatIsTakenGetsANumberAndNothingIsReplaced() throws Exception {
    var bundle = Map.of("anna.png", "one", "anna.wav", "two");
    var first = submit(bundle, Map.of());
    var second = submit(bundle, Map.of());

    assertThat(first).isNotEqualTo(second);
    assertThat(inbox())
        .containsExactly(
            "avatar/anna.png", "avatar/anna.wav", "avatar/anna~2.png", "avatar/anna~2.wav");
    assertThat(taken("avatar/anna~2.wav").id()).isEqualTo(second);
    assertThat(taken("avatar/anna.wav").id()).isEqualTo(first);
  }

  @Test
  void whatIsNoBundleIsRefusedAndLeavesNothing() throws Exception {
    for (var body :
        List.<Object>of(
            Map.of(),
            Map.of("anna.exe", "x", "anna.wav", "y"),
            Map.of("a.png", "x", "b.png", "y"),
            Map.of("a.png", "x", "b.jpg", "y", "a.wav", "z"),
            Map.of("a.wav", "x", "a.mp3", "y", "a.png", "z"),
            Map.of("a.wav", "x"),
            Map.of("a.png", "x"),
            Map.of("a.png", "x", "a.wav", "y", "a.json", "{}", "a.yaml", ""),
            Map.of("../a.png", "x", "a.wav", "y"),
            Map.of("/etc/a.png", "x", "a.wav", "y"),
            Map.of("a\\b.png", "x", "a.wav", "y"),
            Map.of("a\nb.png", "x", "a.wav", "y"),
            Map.of("_image.png", "x", "a.wav", "y"),
            Map.of("~$x.png", "x", "a.wav", "y"),
            Map.of("error.png", "x", "error.wav", "y", "error.json", "{}"),
            Map.of("duplicate.png", "x", "a.wav", "y", "a.json", "{}"),
            Map.of("_defaults.png", "x", "a.wav", "y", "a.yaml", ""),
            folder.resolve("inbox"))) {
      Files.createDirectories(folder.resolve("inbox"));
      assertThatThrownBy(() -> submit(body, Map.of()))
          .as(body.toString())
          .isInstanceOf(BundleException.class);
    }
    assertThat(inbox()).isEmpty();
  }

  @Test
  void aBundleThatTheInboxWouldNeverTakeIsRefusedAtOnce() {
    var bundle = Map.<String, Object>of("anna.png", "one", "anna.wav", "two");
    for (var headers :
        List.<Map<String, Object>>of(
            Map.of("KlingdropProfile", "#recycle"),
            Map.of("KlingdropName", "anna (conflicted copy 2026-01-02 123456)"))) {
      assertThatThrownBy(() -> submit(bundle, headers))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void aNameFromOutsideLeadsNowhereElse() throws Exception {
    var bundle = Map.of("anna.png", "one", "anna.wav", "two");
    for (var header : List.of("KlingdropProfile", "KlingdropName")) {
      for (var name : List.of("../../x", "a/../../etc", "/etc", "..", "a\u0000", ".x")) {
        assertThatThrownBy(() -> submit(bundle, Map.of(header, name)))
            .as(name)
            .isInstanceOf(BundleException.class);
      }
    }
    gateway.receive(exchange("sound", Map.of(Exchange.FILE_NAME, "/a/../../../b/mia.wav")));

    assertThat(folder.resolve("inbox")).isDirectoryRecursivelyContaining("glob:**mia.wav");
    assertThat(inbox()).hasSize(1);
    try (var all = Files.list(folder)) {
      assertThat(all).containsExactlyInAnyOrder(folder.resolve("inbox"), folder.resolve("data"));
    }
  }

  @Test
  void anObjectFromABrokerIsNoBundle() throws Exception {
    var folderOfOthers = Files.createDirectories(folder.resolve("others"));
    Files.writeString(folderOfOthers.resolve("anna.png"), "one");
    Files.writeString(folderOfOthers.resolve("anna.wav"), "two");

    for (var body :
        List.<Object>of(
            URI.create(folderOfOthers.toString()),
            new ArrayList<>(List.of("anna.png")),
            Instant.EPOCH,
            new byte[] {(byte) 0xac, (byte) 0xed, 0, 5})) {
      assertThatThrownBy(() -> submit(body, Map.of()))
          .as(body.getClass().getName())
          .isInstanceOf(BundleException.class)
          .hasMessageContaining("the path of a folder");
    }
    assertThat(settings.folders().inbox()).doesNotExist();
  }

  @Test
  void headersOfCamelInAnySpellingChangeNothingOnTheWayIn() throws Exception {
    camel.addRoutes(new BundleGatewayRoutes(gateway));
    camel.addRouteFromTemplate(
        "files", "klingdrop-inbox", Map.of("source", "direct:files", "profile", ""));
    camel.addRouteFromTemplate(
        "bundles", "klingdrop-submit", Map.of("source", "direct:bundles", "profile", ""));
    var evil =
        Map.<String, Object>of(
            "CAmelFileName", "../../evil.png",
            "cAMELOverruleFileName", "/etc/evil.png",
            "camelHttpUri", "http://127.0.0.1:1/",
            "CAMELBEANMETHODNAME", "hand",
            "cameltoendpoint", "file:" + folder + "/evil",
            "CamelJmsDestinationName", "evil");

    try (var sender = camel.createProducerTemplate()) {
      var bundle = Map.of("anna.png", "one", "anna.wav", "two");
      sender.sendBodyAndHeaders("direct:bundles", bundle, evil);
      sender.sendBodyAndHeaders("direct:files", "picture", evil);
    }

    assertThat(inbox())
        .containsExactlyInAnyOrder("avatar/anna.png", "avatar/anna.wav", "avatar/_/_/evil.png");
    try (var all = Files.list(folder)) {
      assertThat(all).containsExactlyInAnyOrder(folder.resolve("inbox"), folder.resolve("data"));
    }
  }

  @Test
  void aNameThatLeadsOutStaysUnderItsProfile() throws Exception {
    for (var key :
        List.of("../../../etc/a.png", "/etc/b.png", "..\\..\\c.png", "x/../../d.png", "//e.png")) {
      gateway.receive(exchange("picture", Map.of("CamelAwsS3Key", key)));
      gateway.receive(exchange("sound", Map.of(Exchange.FILE_NAME, key.replace(".png", ".wav"))));
    }

    assertThat(inbox()).hasSize(10).allMatch(file -> file.startsWith("avatar/"));
    try (var all = Files.list(folder)) {
      assertThat(all).containsExactlyInAnyOrder(folder.resolve("inbox"), folder.resolve("data"));
    }
  }

  @Test
  void aSingleFileKeepsItsFoldersAndIsWrittenOnce() throws Exception {
    for (int i = 0; i < 2; i++) {
      gateway.receive(exchange("sound", Map.of(Exchange.FILE_NAME, "course/mia.wav")));
    }
    for (var junk :
        List.of(
            "course/Thumbs.db",
            ".hidden/mia.wav",
            "course/mia.wav.part",
            "error.json",
            "#recycle/mia.wav",
            "course/@Recycle/old/mia.wav",
            "$RECYCLE.BIN/mia.wav",
            "course/~snapshot/mia.wav",
            "course/mia (conflicted copy 2026-01-02 123456).wav",
            "deep/".repeat(201) + "mia.wav",
            ("d".repeat(200) + "/").repeat(16) + "mia.wav")) {
      gateway.receive(exchange("junk", Map.of(Exchange.FILE_NAME, junk)));
    }
    var bucket = exchange("picture", Map.of("CamelAwsS3Key", "course/mia.png"));
    bucket.setProperty("profile", "v2-1");
    gateway.receive(bucket);

    assertThat(inbox()).containsExactly("avatar/course/mia.wav", "v2-1/course/mia.png");
    assertThat(folder.resolve("inbox/avatar/course/mia.wav"))
        .hasContent(new String("sound".getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8));
    assertThatThrownBy(
            () -> gateway.receive(exchange("other", Map.of(Exchange.FILE_NAME, "course/mia.wav"))))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("mia.wav");
  }

  @Test
  void anObjectItsBucketDoesNotRemoveIsTakenOnceAndANewOneOfItsNameAgain() throws Exception {
    var first = Instant.parse("2026-11-21T10:00:00Z");
    for (int i = 0; i < 3; i++) {
      gateway.receive(object("mia.png", first));
      Files.deleteIfExists(folder.resolve("inbox/avatar/mia.png"));
    }
    gateway.receive(object("mia.png", first));
    assertThat(inbox()).isEmpty();

    gateway.receive(object("mia.png", first.plusSeconds(1)));
    gateway.receive(object("course/", first));
    assertThat(inbox()).containsExactly("avatar/mia.png");
  }

  private Exchange object(String key, Instant changed) {
    return exchange(
        "picture",
        Map.of("CamelAwsS3Key", key, "CamelAwsS3ETag", "e", "CamelAwsS3LastModified", changed));
  }

  private Reservation hand(String key, String name, Map<String, String> files) throws IOException {
    var spool = Files.createDirectories(folder.resolve("data/spool"));
    var paths = new TreeMap<String, Path>();
    for (var file : files.entrySet()) {
      paths.put(file.getKey(), Files.writeString(spool.resolve(file.getKey()), file.getValue()));
    }
    return gateway.hand(key, "avatar", name, paths);
  }

  private static Map<String, String> pair(String name) {
    return Map.of(name + ".png", "picture", name + ".wav", "voice");
  }

  @Test
  void twoOfOneNameAtTheSameTimeAreTwoJobsAndNoFileIsLost() throws Exception {
    var workers = Executors.newFixedThreadPool(8);
    try {
      var ids = new TreeMap<String, String>();
      var tasks = new ArrayList<Callable<Map.Entry<String, String>>>();
      for (int n = 0; n < 16; n++) {
        var voice = "voice " + n;
        var name = n % 2 == 0 ? "Anna" : "anna";
        tasks.add(
            () ->
                Map.entry(
                    voice,
                    submit(Map.of("a.png", "p", "a.wav", voice), Map.of("KlingdropName", name))));
      }
      for (var done : workers.invokeAll(tasks)) {
        ids.put(done.get().getKey(), done.get().getValue());
      }
      assertThat(ids.values()).doesNotHaveDuplicates().hasSize(16);
      assertThat(inbox()).hasSize(32);
      assertThat(inbox().stream().map(name -> name.toLowerCase(Locale.ROOT)))
          .as("no two names that a file system may fold")
          .doesNotHaveDuplicates();
      for (var file : inbox()) {
        if (file.endsWith(".wav")) {
          var voice = Files.readString(folder.resolve("inbox").resolve(file));
          assertThat(taken(file).id()).isEqualTo(ids.get(voice));
        }
      }
    } finally {
      workers.shutdownNow();
    }
  }

  @Test
  void aKeyAnswersTheSameForTheSameBundleAndRefusesAnother() throws Exception {
    var first = hand("order-17", "", pair("anna"));
    assertThat(hand("order-17", "", pair("anna")).jobId()).isEqualTo(first.jobId());
    assertThat(inbox()).hasSize(2);
    for (var other :
        List.of(pair("mia"), Map.of("anna.png", "picture", "anna.wav", "another voice"))) {
      assertThatThrownBy(() -> hand("order-17", "", other))
          .isInstanceOfSatisfying(
              BundleException.class, e -> assertThat(e.fault()).isEqualTo(Fault.KEY_REUSED));
    }
    var job = taken("avatar/anna.wav");
    assertThat(job.id()).isEqualTo(first.jobId());
    assertThat(hand("order-17", "", pair("anna")).jobId()).isEqualTo(first.jobId());
    assertThat(inbox()).isEmpty();

    now = now.plus(BundleGateway.KEPT).plusSeconds(1);
    assertThat(hand("order-17", "", pair("anna")).jobId()).isNotEqualTo(first.jobId());
    assertThat(reservations.of(first.jobId())).isEmpty();
  }

  @Test
  void oneKeyFromManyAtTheSameTimeIsOneBundle() throws Exception {
    var spool = Files.createDirectories(folder.resolve("data/spool"));
    var files =
        Map.of(
            "anna.png", Files.writeString(spool.resolve("p"), "picture"),
            "anna.wav", Files.writeString(spool.resolve("v"), "voice"));
    var workers = Executors.newFixedThreadPool(8);
    try {
      Callable<String> call = () -> gateway.hand("one", "avatar", "", files).jobId();
      var ids = new TreeSet<String>();
      for (var done : workers.invokeAll(Collections.nCopies(8, call))) {
        ids.add(done.get());
      }
      assertThat(ids).hasSize(1);
      assertThat(inbox()).containsExactly("avatar/anna.png", "avatar/anna.wav");
    } finally {
      workers.shutdownNow();
    }
  }

  @Test
  void anIdBelongsToTheFilesThatWereHandedInAndToNoOthersOfTheirName() throws Exception {
    var promised = hand("", "", pair("anna"));
    var avatar = folder.resolve("inbox/avatar");
    Files.writeString(avatar.resolve(".anna.job"), "kd0000000000000000");
    Files.delete(avatar.resolve("anna.png"));
    Files.delete(avatar.resolve("anna.wav"));
    assertThat(gateway.waits(promised)).isFalse();
    Files.writeString(avatar.resolve("anna.png"), "picture");
    Files.writeString(avatar.resolve("anna.wav"), "other");

    assertThat(taken("avatar/anna.wav").id()).isNotIn(promised.jobId(), "kd0000000000000000");

    Files.writeString(avatar.resolve("mia.png"), "picture");
    Files.writeString(avatar.resolve("mia.wav"), "voice");
    assertThat(taken("avatar/mia.wav").id()).isNotEqualTo(promised.jobId());
  }

  @Test
  void aLongNameOfChineseLettersIsCutAndAllFilesKeepOneName() throws Exception {
    var name = "\u6587".repeat(86);
    submit(
        Map.of("a.jpeg", "one", "a.wav", "two", "a.txt", "three"), Map.of("KlingdropName", name));
    submit(Map.of("a.jpeg", "one", "a.wav", "two"), Map.of("KlingdropName", name));
    assertThat(inbox().stream().map(Names::stem).distinct()).hasSize(2);
    assertThat(inbox()).hasSize(5);

    gateway.receive(exchange("sound", Map.of(Exchange.FILE_NAME, name + "/" + name + ".wav")));
    gateway.receive(exchange("face", Map.of(Exchange.FILE_NAME, name + "/" + name + ".jpeg")));
    assertThat(inbox().stream().map(Names::stem).distinct()).hasSize(3);
  }

  @Test
  void aNameThatWaitsInAnotherSpellingOrServesOthersIsTaken() throws Exception {
    var avatar = Files.createDirectories(folder.resolve("inbox/avatar"));
    Files.writeString(avatar.resolve("Stra\u00dfe.docx"), "somebody's");
    Files.writeString(avatar.resolve("host__01.wav"), "somebody's");
    assertThat(hand("", "STRASSE", pair("a")).name()).isEqualTo("STRASSE~2");
    assertThat(hand("", "host", pair("a")).name()).isEqualTo("host~2");
    assertThat(hand("", "e\u0301", pair("a")).name()).isEqualTo("\u00e9");
    assertThat(hand("", "\u00c9", pair("a")).name()).isEqualTo("\u00c9~2");
  }

  @Test
  void whatDiedBetweenPromiseAndNamesIsFinishedAndALitterIsRemoved() throws Exception {
    var avatar = Files.createDirectories(folder.resolve("inbox/avatar"));
    var id = JobId.make(now);
    var png =
        Landing.write(stream("picture"), Landing.part(avatar, id, 0, Sharing.alone()), ".png");
    var wav = Landing.write(stream("voice"), Landing.part(avatar, id, 1, Sharing.alone()), ".wav");
    var held = new ArrayList<Held>();
    for (var file : List.of(png, wav)) {
      held.add(
          new Held(
              avatar.resolve("anna" + file.extension()).toString(),
              file.part().toString(),
              file.bytes(),
              file.sha256()));
    }
    reservations.keep(
        new Reservation(id, Hashes.sha256("key"), "content", "avatar", "anna", now, false, held));
    Files.move(png.part(), avatar.resolve("anna.png"));
    // of a call that died before it promised anything, and of one whose files are gone
    Files.writeString(avatar.resolve("." + JobId.make(now) + ".0.part"), "half");
    Files.writeString(avatar.resolve(".theirs.part"), "somebody's");
    var gone = new Held(avatar.resolve("x.png").toString(), avatar.resolve(".x").toString(), 1, "");
    reservations.keep(new Reservation("kd1", null, "c", "avatar", "x", now, false, List.of(gone)));
    // somebody took the name while the program was down
    Files.writeString(avatar.resolve("anna.wav"), "somebody's");

    database.close();
    connect();
    gateway.recover();

    assertThat(reservations.unrevealed()).isEmpty();
    assertThat(reservations.of("kd1")).isEmpty();
    assertThat(inbox())
        .containsExactly(
            "avatar/.theirs.part", "avatar/anna.wav", "avatar/anna~2.png", "avatar/anna~2.wav");
    assertThat(taken("avatar/anna~2.wav").id()).isEqualTo(id);
  }

  private static InputStream stream(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
  }
}
