package io.klingdrop.intake;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.klingdrop.files.Hashes;
import io.klingdrop.files.Sharing;
import io.klingdrop.intake.Bundle.Member;
import io.klingdrop.job.Failure;
import io.klingdrop.job.FailureClass;
import io.klingdrop.job.Job;
import io.klingdrop.job.JobId;
import io.klingdrop.job.JobState;
import io.klingdrop.job.Role;
import io.klingdrop.ledger.Database;
import io.klingdrop.ledger.JobQueries;
import io.klingdrop.ledger.Ledger;
import io.klingdrop.ledger.NewJobs;
import io.klingdrop.settings.Folders;
import io.klingdrop.settings.Settings;
import io.klingdrop.testing.Originals;
import io.klingdrop.testing.SettableTime;
import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.camel.component.file.GenericFile;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Taking bundles on a real disk, whole and cut off at every step. */
class BundleTakerTest {
  private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");

  @TempDir private Path folder;
  private Folders folders;
  private Path avatar;
  private Originals originals;
  private Database database;
  private JobQueries queries;
  private Inbox inbox;
  private BundleTaker taker;
  private Consumer<String> between = step -> {};

  @BeforeEach
  void open() throws IOException {
    folders =
        new Folders(
            folder.resolve("inbox"),
            folder.resolve("outbox"),
            folder.resolve("failed"),
            folder.resolve("duplicates"),
            folder.resolve("archive"),
            folder.resolve("data/work"),
            folder.resolve("data"));
    avatar = Files.createDirectories(folders.inbox().resolve("avatar/sub"));
    originals = new Originals(folder);
    database = Database.open("jdbc:sqlite:" + folder.resolve("data/ledger.db"), "", "");
    queries = new JobQueries(database);
    start();
  }

  /** The stage as a new process builds it. */
  private void start() {
    var patience = Duration.ofMinutes(10);
    inbox =
        new Inbox(
            folders.inbox(),
            new Settings.Inbox(Duration.ZERO, Duration.ofSeconds(1), patience, "avatar"),
            profile -> new Needs(true, true, false, false, sidecar -> false),
            queries,
            null,
            SettableTime.by(() -> NOW),
            null);
    taker =
        new BundleTaker(
            inbox,
            folders,
            Sharing.alone(),
            profile -> new Job.Goal("kie", "model"),
            (profile, role, bytes) ->
                bytes > 1_000_000 ? Optional.of("the file is too large") : Optional.empty(),
            new NewJobs(database, () -> NOW),
            queries,
            () -> NOW,
            step -> between.accept(step));
  }

  @AfterEach
  void close() {
    database.close();
  }

  private Path drop(String name, String bytes) throws IOException {
    return originals.dropped(Files.writeString(avatar.resolve(name), bytes));
  }

  private @Nullable Job take(String lead) throws IOException {
    inbox.look(System.nanoTime());
    var file = new GenericFile<File>();
    file.setFile(avatar.resolve(lead).toFile());
    return taker.take(file);
  }

  private Job taken(String lead) throws IOException {
    var job = take(lead);
    assertThat(job).isNotNull();
    return job;
  }

  /** A work folder as it is when the note is written and nothing has been moved yet. */
  private Path begun(@Nullable Failure refusal, Path... files) throws IOException {
    var members = new ArrayList<Member>();
    for (var file : files) {
      var name = file.getFileName().toString();
      var role = InboxRules.role(name).orElse(Role.SIDECAR);
      members.add(
          new Member(
              new Dropped(
                  file,
                  role,
                  Files.size(file),
                  Files.getLastModifiedTime(file).toMillis(),
                  Duration.ZERO),
              name.startsWith("_image")));
    }
    var id = JobId.make(NOW);
    var work = Files.createDirectories(folders.work(id).resolve("in")).getParent();
    var bundle =
        new Bundle(files[0], "avatar", "sub", "host", List.copyOf(members), List.of(), refusal);
    Manifest.of(id, bundle, "").write(work);
    return work;
  }

  private static void bring(Path work, Path file) throws IOException {
    Files.move(file, work.resolve("in").resolve(file.getFileName()));
  }

  private Stream<String> tree(Path top) throws IOException {
    try (var walk = Files.walk(top)) {
      return walk
          .filter(file -> Files.isRegularFile(file) && !file.toString().contains("ledger.db"))
          .map(file -> top.relativize(file).toString())
          .sorted()
          .toList()
          .stream();
    }
  }

  private Job onlyJob() {
    var jobs = queries.newest();
    assertThat(jobs).hasSize(1);
    return jobs.get(0);
  }

  @Test
  void whatIsReadyAndNotTakenIsNoticed() throws Exception {
    assertThat(inbox.untakenSince()).isEmpty();
    drop("a.png", "image");
    drop("a.mp3", "audio");
    inbox.look(System.nanoTime());
    assertThat(inbox.untakenSince()).contains(NOW);
    taken("a.mp3");
    assertThat(inbox.untakenSince()).isEmpty();
  }

  @Test
  void aTakenBundleIsWholeInItsWorkFolderAndInTheLedger() throws IOException {
    drop("host.png", "picture");
    drop("host.wav", "voice");
    drop("host.txt", "words");
    Files.writeString(folders.inbox().resolve("avatar/_defaults.yaml"), "prompt: outer");
    Files.writeString(avatar.resolve("_defaults.yaml"), "prompt: inner");

    var job = taken("host.wav");

    assertThat(job.state()).isEqualTo(JobState.CLAIMED);
    assertThat(job.path()).isEqualTo("avatar/sub/host");
    assertThat(job.home()).isEqualTo(folders.work(job.id()).resolve("in").toString());
    assertThat(job.files()).extracting("role").contains(Role.IMAGE, Role.AUDIO, Role.SIDECAR);
    assertThat(tree(folders.work(job.id())))
        .containsExactly(
            "bundle.json",
            "defaults/0/_defaults.yaml",
            "defaults/1/_defaults.yaml",
            "in/host.png",
            "in/host.txt",
            "in/host.wav");
    assertThat(folders.work(job.id()).resolve("defaults/0/_defaults.yaml"))
        .hasContent("prompt: outer");
    assertThat(tree(folders.inbox()))
        .containsExactly("avatar/_defaults.yaml", "avatar/sub/_defaults.yaml");
    originals.assertEachInExactlyOnePlace();
  }

  @Test
  void aSharedPictureIsCopiedAndRememberedAsHavingServed() throws IOException {
    var picture = Files.writeString(avatar.resolve("_image.png"), "picture");
    drop("a.wav", "voice a");

    var job = taken("a.wav");

    assertThat(picture).hasContent("picture");
    assertThat(folders.work(job.id()).resolve("in/_image.png")).hasContent("picture");
    assertThat(queries.sharedInputs()).containsExactly(picture.toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"longer", "as long, later", "link", "pipe"})
  void aFileThatIsNoLongerWhatItWasGoesBackAndIsNotSent(String change) throws Exception {
    drop("host.wav", "voice");
    var picture = drop("host.png", "picture");
    inbox.look(System.nanoTime());
    switch (change) {
      case "longer" -> Files.writeString(picture, "picture, and more");
      case "as long, later" -> {
        Files.writeString(picture, "PICTURE");
        Files.setLastModifiedTime(picture, FileTime.from(NOW));
      }
      case "link" -> {
        Files.delete(picture);
        Files.createSymbolicLink(picture, Files.writeString(folder.resolve("secret"), "picture"));
      }
      default -> {
        Files.delete(picture);
        var made = new ProcessBuilder("mkfifo", picture.toString()).start().waitFor();
        assumeThat(made).isZero();
      }
    }

    assertThat(taker.take(lead("host.wav"))).isNull();

    assertThat(queries.counts().byState()).isEmpty();
    assertThat(avatar.resolve("host.wav")).hasContent("voice");
    assertThat(Files.exists(picture, LinkOption.NOFOLLOW_LINKS)).isTrue();
    assertThat(folders.work()).isEmptyDirectory();
  }

  @Test
  void aFolderThatBecameALinkGivesNothingOfWhatLiesBehindIt() throws IOException {
    drop("host.wav", "voice");
    drop("host.png", "picture");
    inbox.look(System.nanoTime());
    var lead = lead("host.wav");
    var elsewhere = Files.move(avatar, folder.resolve("elsewhere"));
    Files.createSymbolicLink(avatar, elsewhere);

    assertThat(taker.take(lead)).isNull();

    assertThat(queries.counts().byState()).isEmpty();
    assertThat(elsewhere.resolve("host.wav")).hasContent("voice");
    assertThat(elsewhere.resolve("host.png")).hasContent("picture");
    assertThat(folders.work()).isEmptyDirectory();
  }

  @Test
  void aLinkThatSlippedInGoesBackWithTheRest() throws IOException {
    var voice = drop("host.wav", "voice");
    var picture = drop("host.png", "picture");
    var work = begun(null, voice, picture);
    bring(work, voice);
    Files.delete(picture);
    var secret = Files.writeString(folder.resolve("secret"), "picture");
    Files.createSymbolicLink(work.resolve("in/host.png"), secret);

    taker.recover();

    assertThat(queries.counts().byState()).isEmpty();
    assertThat(voice).hasContent("voice");
    assertThat(Files.isSymbolicLink(picture)).isTrue();
    assertThat(secret).hasContent("picture");
    assertThat(folders.work()).isEmptyDirectory();
  }

  /** Lets something happen once, at a step of the take. */
  private void at(String step, Act act) {
    between =
        now -> {
          if (now.equals(step)) {
            between = any -> {};
            try {
              act.run();
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          }
        };
  }

  private interface Act {
    void run() throws IOException;
  }

  /** The folder of the bundle becomes a link to another one. */
  private Path swapped() throws IOException {
    var routes = Files.createDirectories(folder.resolve("routes"));
    Files.move(avatar, folder.resolve("moved-away"));
    Files.createSymbolicLink(avatar, routes);
    return routes;
  }

  @ParameterizedTest
  @ValueSource(strings = {"moved", "before-copy", "before-give-back"})
  void nothingGoesBackThroughAFolderThatBecameALink(String moment) throws IOException {
    drop("evil.camel.wav", "voice");
    originals.dropped(Files.writeString(avatar.resolve("evil.camel.yaml"), "- route: {}"));
    var picture = Files.writeString(avatar.resolve("evil.camel.png"), "picture");
    inbox.look(System.nanoTime());
    try (var open = FileChannel.open(picture, StandardOpenOption.WRITE)) {
      at(
          moment.equals("moved") ? "moved" : "before-copy",
          () -> {
            open.write(ByteBuffer.wrap("picture, grown".getBytes(UTF_8)));
            if (moment.equals("before-give-back")) {
              at("before-give-back", this::swapped);
            } else {
              swapped();
            }
          });

      assertThat(taker.take(lead("evil.camel.wav"))).isNull();
    }

    assertThat(folder.resolve("routes")).isEmptyDirectory();
    assertNothingIsLost();
    var job = onlyJob();
    assertThat(job.state()).isEqualTo(JobState.FAILED);
    assertThat(String.valueOf(job.failure())).contains("INVALID", "became a link");
  }

  @Test
  void nothingGoesBackThroughALinkAtTheNextStartEither() throws IOException {
    var voice = drop("evil.camel.wav", "voice");
    var picture = Files.writeString(avatar.resolve("evil.camel.png"), "picture");
    var sidecar = drop("evil.camel.yaml", "- route: {}");
    var work = begun(null, picture, voice, sidecar);
    bring(work, voice);
    bring(work, sidecar);
    Files.delete(picture);
    var routes = swapped();

    taker.recover();

    assertThat(routes).isEmptyDirectory();
    assertNothingIsLost();
    var job = onlyJob();
    assertThat(job.state()).isEqualTo(JobState.FAILED);
    assertThat(String.valueOf(job.failure())).contains("INVALID", "became a link");
    assertThat(job.files()).extracting("name").contains("evil.camel.yaml", "evil.camel.wav");
  }

  private void assertNothingIsLost() throws IOException {
    Files.deleteIfExists(avatar);
    var away = folder.resolve("moved-away");
    if (Files.exists(away)) {
      Files.move(away, avatar);
    }
    originals.assertEachInExactlyOnePlace();
  }

  @Test
  void noFolderIsMadeBehindALinkForWhatGoesBack() throws IOException {
    var voice = drop("host.wav", "voice");
    var picture = Files.writeString(avatar.resolve("host.png"), "picture");
    var work = begun(null, picture, voice);
    bring(work, voice);
    Files.delete(picture);
    Files.delete(avatar);
    Files.delete(avatar.getParent());
    var outside = Files.createDirectory(folder.resolve("outside"));
    Files.createSymbolicLink(folders.inbox().resolve("avatar"), outside);

    taker.recover();

    assertThat(outside).isEmptyDirectory();
    assertThat(onlyJob().state()).isEqualTo(JobState.FAILED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"before-move", "before-shared", "before-defaults"})
  void nothingIsTakenThroughAFolderThatBecomesALinkMeanwhile(String moment) throws IOException {
    drop("host.wav", "voice");
    var shared = moment.equals("before-shared");
    Files.writeString(avatar.resolve(shared ? "_image.png" : "host.png"), "picture");
    Files.writeString(avatar.resolve("_defaults.yaml"), "prompt: x");
    inbox.look(System.nanoTime());
    var secrets = Files.createDirectory(folder.resolve("secrets"));
    for (var name : List.of("host.wav", "host.png", "_image.png", "_defaults.yaml")) {
      if (Files.exists(avatar.resolve(name))) {
        Files.copy(avatar.resolve(name), secrets.resolve(name), StandardCopyOption.COPY_ATTRIBUTES);
      }
    }
    var before = tree(secrets).toList();
    at(
        moment,
        () -> {
          Files.move(avatar, folder.resolve("moved-away"));
          Files.createSymbolicLink(avatar, secrets);
        });

    var job = taker.take(lead("host.wav"));

    assertThat(tree(secrets)).as("taken from elsewhere").containsExactlyElementsOf(before);
    if (!moment.equals("before-move")) {
      assertThat(job).isNull();
      assertThat(tree(folders.work()).filter(name -> name.contains("_"))).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"hard link", "open handle"})
  void whatIsWrittenThroughAnotherWayInIsNotWhatIsSent(String way) throws IOException {
    drop("host.png", "picture");
    var voice = drop("host.wav", "voice");
    var other = folder.resolve("other.wav");
    try (var open = FileChannel.open(voice, StandardOpenOption.WRITE)) {
      if (way.equals("hard link")) {
        Files.createLink(other, voice);
      }
      var job = taken("host.wav");
      var file = folders.work(job.id()).resolve("in/host.wav");

      if (way.equals("hard link")) {
        Files.writeString(other, "VOICE, and much more of it");
      } else {
        open.write(ByteBuffer.wrap("VOICE, and much more of it".getBytes(UTF_8)));
      }

      assertThat(file).hasContent("voice");
      assertThat(job.files())
          .filteredOn(it -> it.name().equals("host.wav"))
          .extracting("sha256")
          .containsExactly(Hashes.sha256(file));
    }
  }

  @Test
  void whatIsWrittenWhileItIsCopiedSendsAllBack() throws IOException {
    drop("host.png", "picture");
    var voice = Files.writeString(avatar.resolve("host.wav"), "voice");
    inbox.look(System.nanoTime());
    try (var open = FileChannel.open(voice, StandardOpenOption.WRITE)) {
      at("before-copy", () -> open.write(ByteBuffer.wrap("voice and more".getBytes(UTF_8)), 0));

      assertThat(taker.take(lead("host.wav"))).isNull();
    }

    assertThat(queries.counts().byState()).isEmpty();
    assertThat(voice).hasContent("voice and more");
    originals.assertEachInExactlyOnePlace();
  }

  @ParameterizedTest
  @CsvSource({
    "host.png, 64000000",
    "_image.png, 64000000",
    "host.png, 30000000000",
    "_image.png, 30000000000"
  })
  void aFileTooLargeIsRefusedAndNotRead(String picture, long bytes) throws IOException {
    drop("host.wav", "voice");
    try (var holes = new RandomAccessFile(avatar.resolve(picture).toFile(), "rw")) {
      holes.setLength(bytes);
    }

    var job = taken("host.wav");

    assertThat(job.state()).isEqualTo(JobState.FAILED);
    assertThat(String.valueOf(job.failure()))
        .contains("INVALID", picture + ": the file is too large");
    assertThat(job.files())
        .filteredOn(file -> file.name().equals(picture))
        .extracting("sha256")
        .containsExactly("");
    assertThat(Files.exists(folders.work(job.id()).resolve("in").resolve(picture)))
        .as("a shared one stays")
        .isEqualTo(picture.equals("host.png"));
  }

  @Test
  void ofAVastDefaultsFileOnlyWhatIsReadIsCopied() throws IOException {
    drop("host.png", "picture");
    drop("host.wav", "voice");
    try (var holes = new RandomAccessFile(avatar.resolve("_defaults.yaml").toFile(), "rw")) {
      holes.setLength(30_000_000_000L);
    }

    var job = taken("host.wav");

    assertThat(folders.work(job.id()).resolve("defaults/0/_defaults.yaml")).hasSize(256 * 1024 + 1);
  }

  @Test
  void aStemAsLongAsAFileSystemTakesBecomesOneJob() throws IOException {
    var stem = "s".repeat(251);
    drop(stem + ".png", "picture");
    drop(stem + ".wav", "voice");

    var job = taken(stem + ".wav");

    assertThat(job.state()).isEqualTo(JobState.CLAIMED);
    assertThat(tree(folders.inbox())).isEmpty();
    assertThat(inbox.look(System.nanoTime())).isZero();
    originals.assertEachInExactlyOnePlace();
  }

  @Test
  void aBundleTheLedgerRefusesWaitsInItsWorkFolderAndIsEnteredOnce() throws IOException {
    drop("host.png", "picture");
    drop("host.wav", "voice");
    sql("create trigger refuse before insert on job begin select raise(abort, 'no'); end");

    assertThat(take("host.wav")).isNull();
    taker.settle();
    assertThat(queries.counts().byState()).isEmpty();
    assertThat(tree(folders.inbox())).isEmpty();
    originals.assertEachInExactlyOnePlace();

    sql("drop trigger refuse");
    taker.settle();
    taker.settle();

    assertThat(onlyJob().state()).isEqualTo(JobState.CLAIMED);
    originals.assertEachInExactlyOnePlace();
  }

  private void sql(String statement) {
    try (var connection =
            DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("data/ledger.db"));
        var run = connection.createStatement()) {
      run.execute(statement);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private GenericFile<File> lead(String name) {
    var file = new GenericFile<File>();
    file.setFile(avatar.resolve(name).toFile());
    return file;
  }

  @Test
  void aBundleIsHandedOutOnce() throws IOException {
    drop("host.png", "picture");
    drop("host.wav", "voice");
    inbox.look(System.nanoTime());

    var file = new GenericFile<File>();
    file.setFile(avatar.resolve("host.wav").toFile());
    assertThat(taker.take(file)).isNotNull();
    assertThat(taker.take(file)).isNull();
    assertThat(onlyJob().name()).isEqualTo("host");
  }

  @Test
  void aRefusedBundleEntersTheLedgerAsFailed() throws IOException {
    drop("host.png", "picture");
    drop("host.jpg", "another");
    drop("host.wav", "voice");

    var job = taken("host.wav");

    assertThat(job.state()).isEqualTo(JobState.FAILED);
    assertThat(String.valueOf(job.failure())).contains("UNPAIRED", "host.jpg, host.png");
    originals.assertEachInExactlyOnePlace();
  }

  @ParameterizedTest
  @ValueSource(strings = {"host.png", "host.wav", "host.txt"})
  void aFileThatVanishesBeforeItIsTakenSendsTheOthersBack(String gone) throws IOException {
    for (var name : List.of("host.png", "host.wav", "host.txt")) {
      Files.writeString(avatar.resolve(name), name);
    }
    inbox.look(System.nanoTime());
    Files.delete(avatar.resolve(gone));

    var file = new GenericFile<File>();
    file.setFile(avatar.resolve("host.wav").toFile());
    assertThat(taker.take(file)).isNull();

    assertThat(tree(folders.inbox())).hasSize(2).allMatch(name -> !name.endsWith(gone));
    assertThat(tree(folders.work())).isEmpty();
    assertThat(queries.counts().byState()).isEmpty();
    assertThat(inbox.look(System.nanoTime())).as("it is left alone for a while").isZero();
  }

  @Test
  void aFileThatGrowsWhileItIsTakenSendsAllBack() throws IOException {
    drop("host.png", "picture");
    var voice = Files.writeString(avatar.resolve("host.wav"), "voice");
    inbox.look(System.nanoTime());
    originals.dropped(Files.writeString(voice, "voice, and there is more of it"));

    var file = new GenericFile<File>();
    file.setFile(voice.toFile());
    assertThat(taker.take(file)).isNull();

    assertThat(tree(folders.inbox())).containsExactly("avatar/sub/host.png", "avatar/sub/host.wav");
    assertThat(tree(folders.work())).isEmpty();
    originals.assertEachInExactlyOnePlace();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3})
  void aClaimCutOffAfterAnyNumberOfMovesIsFinished(int moved) throws IOException {
    var files = new Path[] {drop("host.png", "p"), drop("host.wav", "v"), drop("host.txt", "t")};
    var work = begun(null, files);
    for (int i = 0; i < moved; i++) {
      bring(work, files[i]);
    }

    start();
    taker.recover();
    taker.recover();

    var job = onlyJob();
    assertThat(job.state()).isEqualTo(JobState.CLAIMED);
    assertThat(job.id()).isEqualTo(work.getFileName().toString());
    assertThat(job.files()).hasSize(3).allMatch(file -> file.sha256().length() == 64);
    assertThat(tree(work))
        .containsExactly("bundle.json", "in/host.png", "in/host.txt", "in/host.wav");
    assertThat(tree(folders.inbox())).isEmpty();
    originals.assertEachInExactlyOnePlace();
  }

  @Test
  void aClaimCutOffBetweenCopyAndDeleteIsFinished() throws IOException {
    var picture = drop("host.png", "picture");
    var voice = drop("host.wav", "voice");
    var work = begun(null, picture, voice);
    Files.copy(picture, work.resolve("in/host.png"));
    Files.writeString(work.resolve("in/.abc.part"), "voi");

    taker.recover();

    assertThat(onlyJob().state()).isEqualTo(JobState.CLAIMED);
    assertThat(tree(folders.inbox())).isEmpty();
    originals.assertEachInExactlyOnePlace();
  }

  @Test
  void aRefusalCutOffIsARefusalStill() throws IOException {
    var voice = drop("host.wav", "voice");
    var work = begun(Failure.of(FailureClass.UNPAIRED, "no picture came"), voice);
    bring(work, voice);

    taker.recover();

    assertThat(onlyJob().state()).isEqualTo(JobState.FAILED);
    assertThat(String.valueOf(onlyJob().failure())).contains("UNPAIRED", "no picture came");
  }

  @ParameterizedTest
  @CsvSource({"false", "true"})
  void aSharedPictureIsCopiedAgainUnlessItIsThere(boolean copied) throws IOException {
    var voice = drop("host.wav", "voice");
    var picture = Files.writeString(avatar.resolve("_image.png"), "picture");
    var work = begun(null, voice, picture);
    bring(work, voice);
    if (copied) {
      Files.move(picture, work.resolve("in/_image.png"));
    }

    taker.recover();

    assertThat(onlyJob().state()).isEqualTo(JobState.CLAIMED);
    assertThat(work.resolve("in/_image.png")).hasContent("picture");
    assertThat(Files.exists(picture)).isNotEqualTo(copied);
  }

  @Test
  void aClaimThatCannotBeFinishedGoesBack() throws IOException {
    var picture = drop("host.png", "picture");
    var voice = Files.writeString(avatar.resolve("host.wav"), "voice");
    var work = begun(null, picture, voice);
    bring(work, picture);
    Files.delete(voice);

    taker.recover();

    assertThat(queries.counts().byState()).isEmpty();
    assertThat(tree(folders.inbox())).containsExactly("avatar/sub/host.png");
    assertThat(work).doesNotExist();
    originals.assertEachInExactlyOnePlace();
  }

  @Test
  void aClaimGoesBackIntoAFolderSomebodyRemoved() throws IOException {
    var picture = drop("host.png", "picture");
    var voice = Files.writeString(avatar.resolve("host.wav"), "voice");
    var work = begun(null, picture, voice);
    bring(work, picture);
    Files.delete(voice);
    Files.delete(avatar);

    taker.recover();

    assertThat(tree(folders.inbox())).containsExactly("avatar/sub/host.png");
    assertThat(work).doesNotExist();
  }

  @Test
  void aFileDroppedAgainUnderTheNameOfATakenOneReplacesNothing() throws IOException {
    var picture = drop("host.png", "picture");
    var voice = drop("host.wav", "voice");
    var work = begun(null, picture, voice);
    bring(work, picture);
    drop("host.png", "another picture");

    taker.recover();

    assertThat(queries.counts().byState()).isEmpty();
    assertThat(work.resolve("in/host.png")).hasContent("picture");
    assertThat(picture).hasContent("another picture");
    originals.assertEachInExactlyOnePlace();

    Files.delete(picture);
    Files.delete(voice);
    taker.recover();
    assertThat(picture).hasContent("picture");
  }

  @Test
  void aWorkFolderWithoutANoteHasNothingOfAnybodyAndGoes() throws IOException {
    Files.createDirectories(folders.work("kd0000000000abcdef").resolve("in"));
    Files.createDirectories(folders.work("kd0000000000abcdeg").resolve("defaults/0"));

    taker.recover();

    assertThat(folders.work()).isEmptyDirectory();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"id\": ",
        "[]",
        "null",
        "",
        "{\"files\": [{\"role\": \"VIDEO\", \"from\": \"/a\"}]}"
      })
  void aNoteNobodyCanReadLeavesTheFilesWhereTheyAre(String note) throws IOException {
    var voice = drop("host.wav", "voice");
    var work = begun(null, voice);
    bring(work, voice);
    Files.writeString(work.resolve(Manifest.FILE), note);

    taker.recover();

    assertThat(work.resolve("in/host.wav")).hasContent("voice");
    originals.assertEachInExactlyOnePlace();
  }

  @Test
  void oneClaimThatCannotBeFinishedStopsNoOther() throws IOException {
    Files.createDirectories(folders.work("kd0000000000aaaaaa"));
    Files.writeString(folders.work("kd0000000000aaaaaa").resolve(Manifest.FILE), "[]");
    var voice = drop("host.wav", "voice");
    var work = begun(null, voice);

    taker.recover();

    assertThat(onlyJob().id()).isEqualTo(work.getFileName().toString());
  }

  @Test
  void aJobTheLedgerKnowsKeepsItsWorkFolder() throws IOException {
    drop("host.png", "picture");
    drop("host.wav", "voice");
    var job = taken("host.wav");

    start();
    taker.recover();

    assertThat(tree(folders.work(job.id())))
        .containsExactly("bundle.json", "in/host.png", "in/host.wav");
  }

  @Test
  void theWorkFolderOfAJobWhoseFilesAreFiledIsCleared() throws IOException {
    drop("host.png", "picture");
    drop("host.wav", "voice");
    var job = taken("host.wav");
    var ledger = new Ledger(database, () -> NOW);
    var failed = ledger.failed(job, Failure.of(FailureClass.INVALID, "bad"));
    taker.recover();
    assertThat(folders.work(job.id())).as("not filed yet").exists();

    ledger.filed(failed, folder.resolve("failed/invalid/avatar/host").toString());
    taker.recover();

    assertThat(folders.work(job.id())).doesNotExist();
  }

  @Test
  void withoutAWorkFolderThereIsNothingToRecover() throws IOException {
    taker.recover();

    assertThat(queries.counts().byState()).isEmpty();
  }
}
