package io.klingdrop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.klingdrop.fault.CrashPoint;
import io.klingdrop.files.AtomicFiles;
import io.klingdrop.job.JobState;
import io.klingdrop.testing.CrashFlow;
import io.klingdrop.testing.CrashSite;
import io.klingdrop.testing.Endpoint;
import io.klingdrop.testing.SmallDisk;
import io.klingdrop.testing.TestMedia;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.FutureTask;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * kill -9 at every named point of a job's way, then a new start: no task twice, none forgotten, no
 * file lost, no output half. In one folder the program dies point after point, each time with fresh
 * bundles beside those the deaths before left behind; so most bundles see several deaths.
 */
class CrashPointsIT {
  private static final List<String> FAILING =
      List.of(
          "intake.refusal-committed",
          "poll.failed-committed",
          "failure.folder-begun",
          "failure.note-written",
          "failure.folder-named",
          "failure.text-written",
          "failure.before-move",
          "failure.moved",
          "failure.filed-committed",
          "failure.work-cleared");
  private static final List<String> REPEATED =
      List.of("intake.verdict-committed:2", "failure.folder-begun", "failure.duplicate-noted");
  private static final List<String> DETOURS =
      List.of(
          "submit.upload-refused-committed",
          "submit.refused-committed",
          "fetch.fresh-answered",
          "fetch.offered-committed",
          "fetch.later-committed");

  /** Points of the start after a death, each behind the death that leads to it. */
  private static final List<String> STARTS =
      List.of(
          "intake.manifest-written",
          "start.claim-found",
          "start.claim-finished",
          "submit.submitting-committed",
          "start.submitting-settled",
          "start.leases-released",
          "archive.filed-committed",
          "start.left-over-cleared");

  private static final List<String> DISKS =
      List.of("files.copied-across-disks", "intake.before-move:2");

  /** Points that have a test of their own below. */
  private static final List<String> ALONE =
      List.of(
          "submit.lost-committed",
          "failure.home-cleared",
          "submit.note-written",
          "start.given-back",
          "deliver.later-committed",
          "deliver.given-up-committed");

  private static final String LONG = "klingdrop.crash.long";

  @TempDir private static Path temp;

  @Test
  void diesAtEveryPointOfTheWayToAFilmAndOfTheStartAfterADeath() throws Exception {
    var rest = ofTheWay().stream().filter(point -> !STARTS.contains(point)).toList();
    var middle = (rest.size() - STARTS.size()) / 2;
    var early = new ArrayList<>(STARTS);
    early.addAll(rest.subList(0, middle));
    beside(
        () -> relay(CrashFlow.SUCCESS, early),
        () -> relay(CrashFlow.SUCCESS, rest.subList(middle, rest.size())));
  }

  @Test
  void diesWhileItFilesAFailureOrADuplicateAndOnEveryDetour() throws Exception {
    beside(
        () -> relay(CrashFlow.FAILURE, FAILING),
        () -> {
          relay(CrashFlow.DUPLICATE, REPEATED);
          relay(CrashFlow.DETOUR, DETOURS);
        });
  }

  @Test
  void aLostAnswerIsSeenAndItsFilesFollowTheCancellation() throws Exception {
    try (var site = site()) {
      die(site.drop(CrashFlow.LOST), "submit.lost-committed");
      site.finish();
      var lost = site.place().onlyJob();
      assertThat(lost.state()).isEqualTo(JobState.SUBMIT_UNKNOWN);

      site.place().change(ledger -> ledger.cancelled(lost, "a person cancelled it"));
      die(site, "failure.home-cleared");
      site.finish();
      assertThat(site.place().tree("failed")).allMatch(name -> name.startsWith("cancelled/"));
    }
  }

  @Test
  void aTaskIdTheDatabaseRefusesSurvivesTheDeathAfterItsNote() throws Exception {
    try (var site = site()) {
      die(site.drop(CrashFlow.REFUSED_BY_THE_DATABASE), "submit.note-written");
      site.sql("drop trigger refuse");
      site.finish();
      assertThat(site.place().onlyJob().taskId()).isEqualTo(site.kie().accepted().get(0).taskId());
    }
  }

  @Test
  void aFileReplacedWhileItWasTakenGoesBackThoughThatIsCutOffToo() throws Exception {
    try (var site = site()) {
      var pair = TestMedia.pair(site.inbox("avatar"), "pair", 1);
      site.dropped(pair);
      die(site, "intake.manifest-written");
      site.replaced(TestMedia.wav(pair.audio(), Duration.ofSeconds(4), 2));
      die(site, "start.given-back");
      site.finish();
      assertThat(site.place().onlyJob().state()).isEqualTo(JobState.DELIVERED);
    }
  }

  @Test
  void diesWhileTheOutboxRefuses() throws Exception {
    try (var site = site()) {
      var outbox = Files.createDirectories(site.place().folder().resolve("outbox"));
      var obstacle = Files.createSymbolicLink(outbox.resolve("avatar"), Path.of("nowhere"));
      site.dropped(TestMedia.pair(site.inbox("avatar"), "pair", 1));
      die(site, "deliver.later-committed");
      Files.delete(obstacle);
      site.finish();
      assertThat(site.place().onlyJob().state()).isEqualTo(JobState.DELIVERED);
    }
  }

  @Test
  void diesWhenTheOutboxHasRefusedForTooLong() throws Exception {
    try (var site = site()) {
      site.place().set("klingdrop.deliver.give-up", "1s");
      var outbox = Files.createDirectories(site.place().folder().resolve("outbox"));
      Files.createSymbolicLink(outbox.resolve("avatar"), Path.of("nowhere"));
      site.dropped(TestMedia.pair(site.inbox("avatar"), "pair", 1));
      die(site, "deliver.given-up-committed");
      site.finish();
      assertThat(site.place().onlyJob().state()).isEqualTo(JobState.FAILED);
    }
  }

  @Test
  void diesBetweenTwoDisks() throws Exception {
    var other = Path.of("/dev/shm");
    assumeTrue(
        Files.isWritable(other) && !Files.getFileStore(other).equals(Files.getFileStore(temp)),
        "/dev/shm is no second disk here");
    var inbox = Files.createTempDirectory(other, "klingdrop");
    try (var site = new CrashSite(temp, List.of(), inbox)) {
      for (var point : DISKS) {
        die(site.drop(CrashFlow.FAILURE), point);
      }
      site.finish();
    } finally {
      AtomicFiles.deleteTree(inbox);
    }
  }

  @Test
  void aFullOutboxAndTwoDeathsBecomeAFilmOnceThereIsRoom() throws Exception {
    try (var site = site();
        var disk = SmallDisk.at(site.place().folder().resolve("outbox"), "200m")) {
      // without room from the start, nothing would be paid for
      site.kie()
          .on(Endpoint.RESULT)
          .next(
              turn -> {
                disk.remount("size=64k");
                turn.send(turn.honest());
              });
      site.drop(CrashFlow.SUCCESS);
      die(site, "deliver.later-committed");
      die(site, "deliver.later-committed");
      disk.remount("size=200m");
      site.finish();
      assertThat(site.place().jobs()).allMatch(job -> job.state() == JobState.DELIVERED);
    }
  }

  @Test
  void anOutboxThatTurnsReadOnlyCostsNothing() throws Exception {
    try (var site = site();
        var disk = SmallDisk.at(site.place().folder().resolve("outbox"), "200m")) {
      site.kie()
          .on(Endpoint.RESULT)
          .next(
              turn -> {
                disk.remount("ro");
                turn.send(turn.honest());
              });
      site.dropped(TestMedia.pair(site.inbox("avatar"), "pair", 1));
      die(site, "deliver.later-committed");
      disk.remount("rw");
      site.finish();
      assertThat(site.place().onlyJob().state()).isEqualTo(JobState.DELIVERED);
    }
  }

  @Test
  @EnabledIfSystemProperty(named = LONG, matches = "true", disabledReason = "runs in -Plong")
  void aDataDiskThatIsFullAtAnyMomentLosesNothing() throws Exception {
    for (int size = 250; size < 1000; size += 50) {
      try (var site = site();
          var disk = SmallDisk.at(site.place().folder().resolve("data"), size + "k")) {
        // the least there is: work begins, and stops somewhere
        site.place().set("klingdrop.submit.min-free", "1KB");
        site.drop(CrashFlow.SUCCESS).diedAfter(Duration.ofSeconds(5));
        disk.remount("size=32m");
        site.finish();
      }
    }
  }

  /** A sample; another seed draws another. */
  @Test
  void diesAtOnePointAndThenAtALaterOne() throws Exception {
    var seed = Long.getLong("klingdrop.crash.seed", 11);
    var count = Integer.getInteger("klingdrop.crash.pairs", 1);
    beside(() -> twice(new Random(seed), count), () -> twice(new Random(~seed), count));
  }

  @Test
  @EnabledIfSystemProperty(named = LONG, matches = "true", disabledReason = "runs in -Plong")
  void diesOnceAtEveryPointOfEveryFlowEachTimeItComesThere() throws Exception {
    for (var flow : CrashFlow.values()) {
      if (flow != CrashFlow.REFUSED_BY_THE_DATABASE) {
        var points = reached(flow);
        beside(() -> each(flow, every(points, 2, 0)), () -> each(flow, every(points, 2, 1)));
      }
    }
  }

  @Test
  @EnabledIfSystemProperty(named = LONG, matches = "true", disabledReason = "runs in -Plong")
  void diesAtRandomMoments() throws Exception {
    var kills = Integer.getInteger("klingdrop.crash.kills", 100);
    var seed = Long.getLong("klingdrop.crash.seed", 11);
    beside(
        () -> atRandom(new Random(seed), kills / 2), () -> atRandom(new Random(~seed), kills / 2));
  }

  @Test
  void everyPointHasItsDeath() {
    var dead =
        Stream.of(
                ofTheWay(),
                FAILING,
                REPEATED,
                DETOURS,
                STARTS,
                DISKS,
                ALONE,
                S3InboxTest.POINTS,
                HandedInIT.POINTS,
                S3DeliveryTest.POINTS,
                S3MediaTest.POINTS)
            .flatMap(List::stream)
            .map(point -> point.replaceFirst(":.*", ""));
    assertThat(dead.distinct()).containsExactlyInAnyOrderElementsOf(CrashPoint.names());
  }

  /** Dies at one point after the other in the same folder, with fresh files each time. */
  private static void relay(CrashFlow flow, List<String> points) throws Exception {
    try (var site = site()) {
      for (var point : points) {
        die(site.drop(flow), point);
      }
      site.finish();
    }
  }

  private static void die(CrashSite site, String point) throws Exception {
    assertThat(site.diedAt(point)).as("came to " + point).isTrue();
  }

  private static void twice(Random random, int count) throws Exception {
    var points = ofTheWay();
    for (int i = 0; i < count; i++) {
      var first = random.nextInt(points.size() - 1);
      var second = random.nextInt(first + 1, points.size());
      try (var site = site()) {
        die(site.drop(CrashFlow.SUCCESS), points.get(first));
        // what it has left behind may have passed the second point already
        site.diedAt(points.get(second));
        site.finish();
      }
    }
  }

  private static void each(CrashFlow flow, List<String> points) throws Exception {
    for (var point : points) {
      try (var site = site()) {
        site.drop(flow).diedAt(point);
        site.finish();
      }
    }
  }

  private static void atRandom(Random random, int kills) throws Exception {
    try (var site = site()) {
      for (int i = 0; i < kills; i++) {
        site.drop(CrashFlow.SUCCESS).diedAfter(Duration.ofMillis(random.nextInt(0, 1200)));
      }
      site.finish();
    }
  }

  /** Every point a flow comes to, at most five times each. */
  private static List<String> reached(CrashFlow flow) throws Exception {
    try (var site = site()) {
      var times = new TreeMap<String, Integer>();
      site.drop(flow).traced().forEach(point -> times.merge(point, 1, Integer::sum));
      var points = new ArrayList<String>();
      times.forEach(
          (point, count) ->
              IntStream.rangeClosed(1, Math.min(count, 5))
                  .forEach(n -> points.add(point + ":" + n)));
      return points;
    }
  }

  /** The points that a job passes that becomes a film, in their order. */
  private static List<String> ofTheWay() {
    var names = CrashPoint.names();
    return names.subList(0, names.indexOf("submit.upload-refused-committed")).stream()
        .filter(name -> !name.equals("files.copied-across-disks"))
        .filter(name -> !name.equals("intake.refusal-committed"))
        .filter(name -> !name.startsWith("deliver.s3-") && !name.startsWith("submit.media-"))
        .toList();
  }

  private static List<String> every(List<String> points, int step, int from) {
    return IntStream.range(0, points.size())
        .filter(i -> i % step == from)
        .mapToObj(points::get)
        .toList();
  }

  private static CrashSite site() throws IOException {
    return new CrashSite(temp, List.of());
  }

  private interface Step {
    void run() throws Exception;
  }

  /** Two at a time: while one program starts, the other writes. */
  private static void beside(Step one, Step other) throws Exception {
    var second =
        new FutureTask<>(
            () -> {
              other.run();
              return null;
            });
    new Thread(second, "beside").start();
    try {
      one.run();
    } finally {
      second.get();
    }
  }
}
