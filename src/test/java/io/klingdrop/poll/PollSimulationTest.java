package io.klingdrop.poll;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import io.klingdrop.poll.VirtualProvider.Task;
import io.klingdrop.poll.VirtualService.Drop;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** What polling costs and how late it is, over hours of virtual time. */
class PollSimulationTest {
  private static final Duration APART = Duration.ofSeconds(35);
  private static final double SIGMA = 0.12;
  private static final int WARM_UP = 40;
  private static final int MEASURED = 300;

  @TempDir private Path folder;

  @BeforeAll
  static void quiet() {
    logger().setLevel(ch.qos.logback.classic.Level.WARN);
  }

  @AfterAll
  static void loud() {
    logger().setLevel(null);
  }

  private static Logger logger() {
    return (Logger) LoggerFactory.getLogger(Polls.class);
  }

  /** Calls per job, the lag in seconds that 95 of 100 jobs keep to, and the most calls for one. */
  private record Figures(double calls, double p95, int most) {
    static Figures of(List<Task> tasks) {
      var lags = tasks.stream().map(Task::lag).sorted().toList();
      return new Figures(
          tasks.stream().mapToInt(task -> task.looks().size()).average().orElseThrow(),
          lags.get((int) Math.ceil(0.95 * lags.size()) - 1),
          tasks.stream().mapToInt(task -> task.looks().size()).max().orElseThrow());
    }

    Figures printed(String schedule) {
      System.out.printf(
          Locale.ROOT,
          "%-34s %6.1f calls per job, at most %d; p95 lag %.1f s%n",
          schedule,
          calls,
          most,
          p95);
      return this;
    }
  }

  /** Pairs whose tasks run 330 s for a recording of 10 s, log-normally. */
  private static List<Drop> drops(Random random, int count, double factor, double... lengths) {
    return IntStream.range(0, count)
        .mapToObj(
            i -> {
              var audio = lengths[random.nextInt(lengths.length)];
              var median = 330 * Math.sqrt(audio / 10);
              return new Drop(audio, factor * median * Math.exp(SIGMA * random.nextGaussian()));
            })
        .toList();
  }

  /** The same tasks under a schedule that only knows their age, with the same heartbeat. */
  private static Figures byAge(List<Task> tasks, double first, DoubleUnaryOperator pause) {
    var looked = new ArrayList<Task>();
    for (var task : tasks) {
      var copy = new Task(task.accepted(), task.run(), new ArrayList<>());
      double due = first;
      do {
        var at = task.accepted().plusMillis((long) (due * 1000));
        copy.looks().add(at.plusMillis(Math.floorMod(-at.toEpochMilli(), 1000)));
        var age = copy.ages().get(copy.looks().size() - 1);
        due = age + pause.applyAsDouble(age);
      } while (copy.lag() < 0);
      looked.add(copy);
    }
    return Figures.of(looked);
  }

  private void meetsTheGoal(String what, boolean tells, double... lengths) {
    var random = new Random(7);
    List<Task> tasks;
    try (var service = VirtualService.inMemory(folder, tells, 11)) {
      service.run(drops(random, WARM_UP, 1, lengths), APART);
      tasks = service.run(drops(random, MEASURED, 1, lengths), APART);
    }
    System.out.println(what);
    var fixed = byAge(tasks, 5, age -> 5).printed("  every 5 s");
    byAge(tasks, 2.5, age -> age < 30 ? 2.5 : age < 120 ? 7.5 : 22.5).printed("  kie.ai's advice");
    var ours = Figures.of(tasks).printed("  learned");

    assertThat(tasks).hasSize(MEASURED);
    assertThat(fixed.calls()).isBetween(55.0, 75.0);
    assertThat(ours.calls()).isLessThanOrEqualTo(10);
    assertThat(ours.p95()).isLessThanOrEqualTo(10);
  }

  @Test
  void recordingsOfOneLengthTakeTenCallsAndAreFoundWithinTenSeconds() {
    meetsTheGoal("one length, the provider tells run times", true, 10);
    meetsTheGoal("one length, it does not", false, 10);
  }

  @Test
  void recordingsOfManyLengthsTakeTenCallsAndAreFoundWithinTenSeconds() {
    meetsTheGoal("several lengths, the provider tells run times", true, 5, 8, 10, 12, 15);
    meetsTheGoal("several lengths, it does not", false, 5, 8, 10, 12, 15);
  }

  @Test
  void aProviderThatChangesItsSpeedIsFollowedWithinThirtyJobs() {
    for (var factor : List.of(2.0, 0.5)) {
      for (var tells : List.of(true, false)) {
        follows(factor, tells);
      }
    }
  }

  private void follows(double factor, boolean tells) {
    var random = new Random(3);
    double[] lengths = {5, 8, 10, 12, 15};
    try (var service = VirtualService.inMemory(folder, tells, 5)) {
      service.run(drops(random, 80, 1, lengths), APART);
      var changed = service.run(drops(random, 130, factor, lengths), APART);

      var first = Figures.of(changed.subList(0, 30)).printed("run time x " + factor + ", 30 jobs");
      var later = Figures.of(changed.subList(30, 130)).printed("and the 100 after them");
      assertThat(first.most()).isLessThanOrEqualTo(60);
      assertThat(later.calls()).isLessThanOrEqualTo(15);
      assertThat(later.p95()).isLessThanOrEqualTo(factor > 1 ? 17 : 10);
    }
  }

  @Test
  void whatWasLearnedOutlivesARestart() {
    var db = "jdbc:sqlite:" + folder.resolve("ledger.db");
    double before;
    try (var service = new VirtualService(folder, db, Map.of(), true, 1)) {
      assertThat(service.firstLook(10)).isEqualTo(5);
      service.run(drops(new Random(1), 12, 1, 10), APART);
      before = service.firstLook(10);
      assertThat(before).isBetween(200.0, 330.0);
    }
    try (var service = new VirtualService(folder, db, Map.of(), true, 1)) {
      assertThat(service.firstLook(10)).isBetween(before * 0.96, before * 1.04);
    }
  }

  @Test
  void whatEndedDuringAStandstillTeachesNothing() {
    try (var service = VirtualService.inMemory(folder, false, 8)) {
      service.run(drops(new Random(8), 20, 1, 10), APART);
      var before = service.firstLook(10);
      for (int i = 0; i < 20; i++) {
        service.accept(new Drop(10, 330));
      }
      service.standstill(Duration.ofHours(10));
      service.finish();
      assertThat(service.firstLook(10)).isBetween(before * 0.96, before * 1.04);
    }
  }

  @Test
  void askingWhenToLookNeverWaitsForTheDatabase() {
    var service = VirtualService.inMemory(folder, true, 9);
    service.run(drops(new Random(9), 12, 1, 10), APART);
    var asking = service.asking(10);
    service.close();
    assertThat(asking.getAsDouble()).isGreaterThan(200);
  }

  @Test
  void aTaskOfAnUnknownModelIsLookedAtAsConfiguredAndFromTheExpectedEndOnMoreOften() {
    try (var service = VirtualService.inMemory(folder, false, 2)) {
      var ages = service.run(List.of(new Drop(10, 330)), APART).get(0).ages();
      assertThat(ages.get(0)).isBetween(5.0, 6.0);
      assertThat(gaps(ages)).allSatisfy(gap -> assertThat(gap).isBetween(5.0, 61.0));
      assertThat(ages).hasSizeLessThan(35);
      assertThat(ages.get(ages.size() - 1)).isLessThan(330 * 1.06 + 1);
    }
  }

  @Test
  void aQuickProviderIsPolledAsConfigured() {
    var quick =
        Map.of(
            "klingdrop.poll.heartbeat", "100ms",
            "klingdrop.poll.first", "200ms",
            "klingdrop.poll.min", "200ms",
            "klingdrop.poll.max", "1s");
    for (var tells : List.of(true, false)) {
      try (var service = new VirtualService(folder, "jdbc:sqlite::memory:", quick, tells, 4)) {
        var drops = IntStream.range(0, 60).mapToObj(i -> new Drop(3, 2)).toList();
        for (var task : service.run(drops, Duration.ofSeconds(1))) {
          assertThat(task.ages().get(0)).isBetween(0.2, 2.0);
          assertThat(gaps(task.ages())).allSatisfy(gap -> assertThat(gap).isBetween(0.2, 1.1));
          assertThat(task.lag()).isLessThan(0.55);
        }
        var slow = IntStream.range(0, 10).mapToObj(i -> new Drop(3, 20)).toList();
        for (var task : service.run(slow, Duration.ofSeconds(1))) {
          assertThat(gaps(task.ages())).allSatisfy(gap -> assertThat(gap).isBetween(0.2, 1.1));
        }
      }
    }
  }

  @Test
  void aTaskBeyondTheSoftDeadlineIsInTheSlowLaneWhateverWasLearned() {
    try (var service = VirtualService.inMemory(folder, true, 6)) {
      service.run(drops(new Random(6), 20, 1, 10), APART);
      var ages = service.run(List.of(new Drop(10, 8000)), APART).get(0).ages();
      assertThat(gaps(ages.stream().filter(age -> age > 3600).toList()))
          .isNotEmpty()
          .allSatisfy(gap -> assertThat(gap).isBetween(300.0, 301.0));
      assertThat(gaps(ages.stream().filter(age -> age < 3600).toList()))
          .allSatisfy(gap -> assertThat(gap).isLessThanOrEqualTo(61));
    }
  }

  /** Seconds between the looks, to the millisecond. */
  private static List<Double> gaps(List<Double> ages) {
    return IntStream.range(1, ages.size())
        .mapToObj(i -> Math.round((ages.get(i) - ages.get(i - 1)) * 1000) / 1000.0)
        .toList();
  }
}
