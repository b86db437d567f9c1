package io.klingdrop.poll;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

class RunModelTest {
  private static final Percentage CLOSE = Percentage.withPercentage(8);

  /** Runs of 100 s and 20 s for each second of recording, spread by an eighth. */
  private static List<FinishedRun> runs(int count, double factor, double... lengths) {
    var random = new Random(9);
    return IntStream.range(0, count)
        .mapToObj(
            i -> {
              var audio = lengths[random.nextInt(lengths.length)];
              var usual = factor * (100 + 20 * audio);
              return new FinishedRun(audio, usual * Math.exp(0.12 * random.nextGaussian()));
            })
        .toList();
  }

  private static List<FinishedRun> with(List<FinishedRun> runs, FinishedRun... more) {
    var all = new ArrayList<>(runs);
    Collections.addAll(all, more);
    return all;
  }

  private static Expectation expect(List<FinishedRun> runs, double audio) {
    return RunModel.of(runs).orElseThrow().expect(audio);
  }

  private static double middle(Expectation expected) {
    return Math.sqrt(expected.early() * expected.late());
  }

  @Test
  void fourRunsAreTooFew() {
    assertThat(RunModel.of(runs(4, 1, 10))).isEmpty();
    assertThat(RunModel.of(runs(5, 1, 10))).isPresent();
  }

  @Test
  void theRunTimeGrowsWithTheRecording() {
    var model = RunModel.of(runs(60, 1, 5, 20, 60)).orElseThrow();
    for (var audio : new double[] {5, 20, 60}) {
      var expected = model.expect(audio);
      var usual = 100 + 20 * audio;
      assertThat(expected.early()).isBetween(usual * 0.7, usual * 0.9);
      assertThat(expected.late()).isBetween(usual * 1.15, usual * 1.5);
      assertThat(expected.spread()).isBetween(usual * 0.08, usual * 0.17);
    }
  }

  @Test
  void aModelWithoutRecordingsHasOneRunTime() {
    var expected = expect(runs(30, 1, 0), 0);
    assertThat(middle(expected)).isCloseTo(100, within(12.0));
  }

  @Test
  void oneWildRunDoesNotSpoilTheSchedule() {
    var before = runs(40, 1, 5, 10, 15);
    var usual = expect(before, 10);
    for (var wild : new double[] {0.001, 3, 30_000, 1e12}) {
      var after = expect(with(before, new FinishedRun(10, wild)), 10);
      assertThat(after.early()).isCloseTo(usual.early(), CLOSE);
      assertThat(after.late()).isCloseTo(usual.late(), CLOSE);
    }
  }

  @Test
  void oneWildRunAmongTheFirstDoesNotEither() {
    var after = expect(with(runs(6, 1, 10), new FinishedRun(10, 30_000)), 10);
    assertThat(after.early()).isBetween(150.0, 300.0);
    assertThat(after.late()).isLessThan(1000);
  }

  @Test
  void fiveRunsOfAnotherSpeedAreBelievedForAllLengths() {
    for (var factor : new double[] {2, 0.5}) {
      var before = runs(50, 1, 5, 10, 15);
      var changed = with(before, runs(5, factor, 10).toArray(FinishedRun[]::new));
      for (var audio : new double[] {5, 10, 15}) {
        assertThat(middle(expect(changed, audio)) / middle(expect(before, audio)))
            .isCloseTo(factor, Percentage.withPercentage(15));
      }
    }
  }

  @Test
  void aLengthNeverSeenIsExpectedWithLessConfidence() {
    var model = RunModel.of(runs(60, 1, 5, 10, 15)).orElseThrow();
    var known = model.expect(15);
    var unseen = model.expect(300);
    assertThat(unseen.early() / middle(unseen)).isLessThan(0.3 * known.early() / middle(known));
    var tiny = model.expect(0.1);
    assertThat(tiny.early() / middle(tiny)).isLessThan(0.6 * known.early() / middle(known));
  }

  @Test
  void equalRunsDoNotMakeItCertain() {
    var expected =
        expect(
            DoubleStream.generate(() -> 2).limit(60).mapToObj(s -> new FinishedRun(3, s)).toList(),
            3);
    assertThat(expected.early()).isBetween(1.7, 1.98);
    assertThat(expected.late()).isBetween(2.02, 2.4);
  }

  @Test
  void aMedianLiesWhereHalfOfTheWeightIs() {
    var even = Weighted.evenly(3, 1, 2);
    assertThat(even.median()).isEqualTo(2);
    assertThat(even.quantile(0)).isEqualTo(1);
    assertThat(even.quantile(1)).isEqualTo(3);
    var heavy = Weighted.of(new double[] {1, 2, 3}, new double[] {1, 1, 98});
    assertThat(heavy.median()).isBetween(2.9, 3.0);
  }
}
