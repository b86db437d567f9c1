package io.klingdrop.poll;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * How long one model of one provider runs, learned from its finished tasks. Immutable.
 *
 * <p>A robust line of run time over the length of the recording ({@link Shape}), and quantiles of
 * the logarithms of what is left. Logarithms, because run times spread in proportion and have a
 * longer tail above. Each run counts half as much as one that finished {@value #HALF_LIFE} runs
 * later, so that a provider that drifts is followed; one that jumps is followed within a handful of
 * runs, because older runs are first brought to the new {@link Level}: they still tell the shape
 * and the spread. Forgetting goes by runs, not by time: a weekend teaches nothing.
 *
 * @param shape the usual run by the length of the recording
 * @param level logarithm of the present level against the shape
 * @param below spread of the runs that are shorter than usual, a standard deviation of logarithms
 * @param above spread of the runs that are longer than usual
 * @param shortest seconds of the shortest recording among them
 * @param longest seconds of the longest
 */
record RunModel(
    Shape shape, double level, double below, double above, double shortest, double longest) {
  /** With fewer finished runs nothing counts as known. */
  static final int ENOUGH = 5;

  private static final double HALF_LIFE = 20;

  /** One standard deviation below and above the median of a normal distribution. */
  private static final double LOWER = 0.16;

  private static final double UPPER = 0.84;

  /** One run in 22 ends earlier than this many standard deviations below the median. */
  private static final double EARLY = 1.7;

  /** One run in 90 ends later than this many above. */
  private static final double LATE = 2.3;

  /** How much a ratio of lengths never seen adds to the spread. */
  private static final double UNSEEN_LENGTH = 0.5;

  /**
   * What these runs teach.
   *
   * @param runs oldest first
   * @return nothing if they are too few
   */
  static Optional<RunModel> of(List<FinishedRun> runs) {
    if (runs.size() < ENOUGH) {
      return Optional.empty();
    }
    var weights = weights(runs.size());
    var raw = Shape.of(runs, weights);
    var levelled = levelled(runs, Level.corrections(raw.residuals(runs)));
    var shape = Shape.of(levelled, weights);
    var residuals = Weighted.of(Spread.tamed(shape.residuals(levelled)), weights);
    var level = residuals.median();
    var worth = worth(weights);
    return Optional.of(
        new RunModel(
            shape,
            level,
            Spread.cautious(level - residuals.quantile(LOWER), worth),
            Spread.cautious(residuals.quantile(UPPER) - level, worth),
            runs.stream().mapToDouble(FinishedRun::audio).min().orElseThrow(),
            runs.stream().mapToDouble(FinishedRun::audio).max().orElseThrow()));
  }

  private static double[] weights(int count) {
    return IntStream.range(0, count)
        .mapToDouble(i -> Math.pow(2, (i + 1 - count) / HALF_LIFE))
        .toArray();
  }

  /** How many evenly weighted runs would tell as much. */
  private static double worth(double[] weights) {
    double sum = 0;
    double squares = 0;
    for (var weight : weights) {
      sum += weight;
      squares += weight * weight;
    }
    return sum * sum / squares;
  }

  private static List<FinishedRun> levelled(List<FinishedRun> runs, double[] corrections) {
    var levelled = new ArrayList<FinishedRun>(runs.size());
    for (int i = 0; i < runs.size(); i++) {
      var run = runs.get(i);
      levelled.add(new FinishedRun(run.audio(), run.seconds() * Math.exp(corrections[i])));
    }
    return levelled;
  }

  /**
   * What is expected of a task with a recording of that many seconds, 0 for none. A length far from
   * all that were seen is expected with that much less confidence.
   */
  Expectation expect(double audio) {
    var usual = usual(audio);
    var unseen =
        UNSEEN_LENGTH
            * Math.log(Math.max(1, Math.max(ratio(shortest, audio), ratio(audio, longest))));
    var faster = below + unseen;
    var slower = above + unseen;
    return new Expectation(
        usual * Math.exp(-EARLY * faster),
        usual * Math.exp(LATE * slower),
        usual * (faster + slower) / 2);
  }

  /** Seconds that such a task usually takes. */
  double usual(double audio) {
    return shape.at(audio) * Math.exp(level);
  }

  private static double ratio(double one, double other) {
    return (one + 1) / (other + 1);
  }
}
