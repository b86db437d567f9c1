package io.klingdrop.health;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.klingdrop.files.AtomicFiles;
import io.klingdrop.files.Grounds;
import io.klingdrop.health.HealthReport.Check;
import io.klingdrop.ledger.Database;
import io.klingdrop.ledger.FolderRows;
import io.klingdrop.ledger.Holder;
import io.klingdrop.ledger.JobQueries;
import io.klingdrop.ledger.LaneRows;
import io.klingdrop.ledger.NodeId;
import io.klingdrop.ledger.Whereabouts;
import io.klingdrop.node.Membership;
import io.klingdrop.provider.Lanes;
import io.klingdrop.provider.Meaning;
import io.klingdrop.provider.Refusal;
import io.klingdrop.settings.SettingsReader;
import io.klingdrop.testing.SettableTime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Health, looked at with a clock that is set by hand. */
class HealthMonitorTest {
  @TempDir private Path folder;
  private Instant now = Instant.parse("2026-11-21T06:00:00Z");
  private Instant scanned = now;
  private @Nullable Instant untaken;
  private @Nullable String trouble;
  private List<String> hindrances = List.of();
  private long free = 200L << 20;
  private Database database;
  private Grounds grounds;
  private String disk = "this";
  private Lanes lanes;
  private HealthMonitor watch;
  private Runnable looked = () -> {};

  @BeforeEach
  void open() {
    var settings = SettingsReader.load(folder, Map.of(), Map.of());
    assertThat(FolderCheck.prepare(settings.folders())).isEmpty();
    database = Database.open(settings.database().url(), "", "");
    var rows = new FolderRows(database, () -> now);
    grounds = new Grounds(rows.ledger(), rows.disks(), rows::keep, path -> disk);
    assertThat(grounds.arrive(FolderCheck.trees(settings))).isEmpty();
    lanes = new Lanes(new LaneRows(database), settings.lane(), () -> now);
    watch =
        new HealthMonitor(
            settings,
            new JobQueries(database),
            lanes,
            () -> looked.run(),
            grounds,
            new HealthMonitor.Scanner(
                () -> Optional.of(scanned),
                () -> Optional.ofNullable(trouble),
                () -> Optional.ofNullable(untaken),
                () -> hindrances),
            () -> "3 notices, 2 not taken",
            new Room(Map.of("data", folder), 100L << 20, at -> free),
            new NodeWatch(
                Membership.alone(Holder.alone(new NodeId("me")), SettableTime.by(() -> now)),
                new Whereabouts(database, () -> now),
                Set.of("kie"),
                Duration.ofSeconds(10)),
            SettableTime.by(() -> now));
  }

  @AfterEach
  void close() {
    watch.close();
    database.close();
  }

  private void pass(Duration time) {
    now = now.plus(time);
  }

  @Test
  void aServiceThatStopsIsNotReadyAnyMore() {
    watch.report();
    assertThat(watch.seen().ready()).isTrue();
    watch.stopping();
    assertThat(watch.seen().failing()).containsExactly("node");
  }

  private Check check(String name) {
    return watch.report().checks().stream()
        .filter(check -> check.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aFolderThatIsNotTheOneUsedBeforeIsNotReadyUntilItIsBack() throws IOException {
    var rows = new FolderRows(database, () -> now);
    var outbox = folder.toRealPath().resolve("outbox");
    rows.keep(outbox, "//nas/studio (cifs)");
    Files.delete(outbox.resolve(Grounds.MARK));

    var next =
        FolderCheck.grounds(
            database, SettingsReader.load(folder, Map.of(), Map.of()), "me", () -> now);

    assertThat(next.arrive(List.of(outbox)))
        .singleElement()
        .asString()
        .contains(outbox.toString(), "//nas/studio (cifs)", "Is the share mounted?");
    Files.createFile(outbox.resolve(Grounds.MARK));
    assertThat(next.arrive(List.of(outbox))).isEmpty();
    assertThat(outbox.resolve(Grounds.MARK)).hasContent(rows.ledger());
    assertThat(rows.disks()).containsEntry(outbox, Grounds.disk(outbox));
  }

  @Test
  void anOutboxThatIsNotMountedIsNamed() throws IOException {
    disk = "another";
    Files.delete(folder.toRealPath().resolve("outbox").resolve(Grounds.MARK));

    assertThat(watch.report().failing()).containsExactly("outbox");
  }

  @Test
  void theHealthOfATreeThatIsNotMountedNamesIt() throws IOException {
    var archive = folder.toRealPath().resolve("archive");
    disk = "another";
    Files.delete(archive.resolve(Grounds.MARK));

    assertThat(watch.report().ready()).isFalse();
    assertThat(check("folders").said()).contains(archive.toString(), "Is the share mounted?");

    disk = "this";
    pass(Duration.ofSeconds(1));
    assertThat(watch.report().ready()).isTrue();
    assertThat(archive.resolve(Grounds.MARK)).exists();
  }

  @Test
  void allIsWellAndEachThingIsNamed() {
    assertThat(watch.report().ready()).isTrue();
    assertThat(watch.report().checks())
        .extracting(Check::name)
        .containsExactly(
            "inbox",
            "outbox",
            "data",
            "folders",
            "disk",
            "scan",
            "intake",
            "heartbeat",
            "database",
            "lanes",
            "backlog")
        .doesNotHaveDuplicates();
    assertThat(check("disk").said()).contains("MiB are free");
  }

  @Test
  void aScanThatFailsIsTheReasonAtOnceUntilItWorks() {
    trouble = "the inbox cannot be read: permission denied";
    assertThat(watch.report().reasons())
        .containsExactly("the inbox cannot be read: permission denied");
    trouble = null;
    pass(Duration.ofSeconds(1));
    assertThat(watch.report().ready()).isTrue();
  }

  @Test
  void whatCannotBeTakenIsTheReasonUntilItCan() {
    hindrances = List.of("a.wav cannot be taken: permission denied", "b.wav too");
    assertThat(watch.report().reasons())
        .containsExactly("a.wav cannot be taken: permission denied; and 1 more");
    hindrances = List.of();
    pass(Duration.ofSeconds(1));
    assertThat(watch.report().ready()).isTrue();
  }

  @Test
  void aClockThatStandsStillIsNotReadyAtOnceAndNotLiveLater() {
    pass(Duration.ofSeconds(11));
    scanned = now;
    assertThat(watch.report().reasons()).containsExactly("the heartbeat did not tick for 11s");
    assertThat(watch.life().ready()).isTrue();
    pass(Duration.ofSeconds(110));
    assertThat(watch.life().reasons()).containsExactly("the heartbeat did not tick for 121s");
    watch.beat();
    assertThat(watch.life()).extracting(HealthReport::ready).isEqualTo(true);
  }

  @Test
  void anInboxThatIsNotReadIsNotReady() {
    pass(Duration.ofSeconds(12));
    watch.beat();
    assertThat(watch.report().reasons()).containsExactly("the inbox was not read for 12s");
    assertThat(watch.life().ready()).isTrue();
  }

  @Test
  void bundlesThatNobodyTakesAreNotReady() {
    untaken = now;
    pass(Duration.ofSeconds(121));
    scanned = now;
    watch.beat();
    assertThat(watch.report().reasons())
        .containsExactly("bundles lie ready in the inbox and none is taken for 121s");
    untaken = null;
    pass(Duration.ofSeconds(1));
    assertThat(watch.report().ready()).isTrue();
  }

  @Test
  void aDatabaseThatDoesNotAnswerIsNotReadyAndLivesOn() {
    database.close();
    assertThat(watch.report().ready()).isFalse();
    assertThat(check("database").well()).isFalse();
    assertThat(watch.life().ready()).isTrue();
  }

  @Test
  void aFolderThatIsGoneIsNamed() throws Exception {
    disk = "another";
    AtomicFiles.deleteTree(folder.resolve("outbox"));
    assertThat(watch.report().reasons()).singleElement().asString().contains("outbox", "is gone");
  }

  @Test
  void whatOthersRefuseIsToldAndFailsNothing() {
    looked = () -> lanes.close("kie", "", Refusal.of(Meaning.CREDIT, "no credit left"));
    assertThat(check("lanes").said()).contains("closed: kie", "no credit left");
    assertThat(check("backlog").said()).isEqualTo("3 notices, 2 not taken");
    assertThat(watch.report().ready()).isTrue();
  }

  @Test
  void aTroubleThatLastsIsSaidAtOnceAndThenOnceAMinute() {
    var said = new ListAppender<ILoggingEvent>();
    said.start();
    var log = (Logger) LoggerFactory.getLogger(HealthMonitor.class);
    log.addAppender(said);
    try {
      pass(Duration.ofSeconds(11));
      scanned = now;
      for (int second = 0; second < 130; second++) {
        watch.report();
        pass(Duration.ofSeconds(1));
        scanned = now;
      }
      assertThat(said.list)
          .extracting(ILoggingEvent::getFormattedMessage)
          .containsExactly(
              "not ready: the heartbeat did not tick for 11s",
              "not ready: the heartbeat did not tick for 71s",
              "not ready: the heartbeat did not tick for 131s");
      watch.beat();
      watch.report();
      assertThat(said.list).hasSize(4);
    } finally {
      log.detachAppender(said);
    }
  }

  @Test
  void tooLittleRoomIsToldWithItsFolder() {
    free = 99L << 20;
    assertThat(watch.report().ready()).isFalse();
    assertThat(check("disk").said()).contains("only 99 MiB are free for the data folder");
  }
}
