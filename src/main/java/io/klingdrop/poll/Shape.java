package io.klingdrop.poll;

import java.util.List;

/**
 * How a model's run time grows with the recording: a fixed part and a part for each second of it.
 * Immutable.
 *
 * <p>A straight line in seconds, not in logarithms: a render has costs that do not depend on the
 * length and costs that do. Fitted as the weighted median of the slopes of all pairs of runs (Theil
 * and Sen), each pair counting as much as its recordings differ, so that no single wild run moves
 * it. Run time never shrinks with length and is never negative.
 *
 * @param base seconds, 0 or more
 * @param perSecond seconds of run for a second of recording, 0 or more
 */
record Shape(double base, double perSecond) {
  private static final double SAME_LENGTH = 0.5;
  private static final double SHORTEST = 0.001;

  /** The shape of these runs, of which there is at least one. */
  static Shape of(List<FinishedRun> runs, double[] weights) {
    var slopes = new Weighted();
    for (int i = 0; i < runs.size(); i++) {
      for (int j = 0; j < i; j++) {
        var longer = runs.get(i).audio() - runs.get(j).audio();
        if (Math.abs(longer) > SAME_LENGTH) {
          slopes.add(
              (runs.get(i).seconds() - runs.get(j).seconds()) / longer,
              Math.abs(longer) * weights[i] * weights[j]);
        }
      }
    }
    var perSecond = slopes.isEmpty() ? 0 : Math.max(0, slopes.median());
    var bases = new Weighted();
    var ratios = new Weighted();
    for (int i = 0; i < runs.size(); i++) {
      var run = runs.get(i);
      bases.add(run.seconds() - perSecond * run.audio(), weights[i]);
      if (run.audio() > SAME_LENGTH) {
        ratios.add(run.seconds() / run.audio(), weights[i]);
      }
    }
    var base = bases.median();
    return base >= 0 ? new Shape(base, perSecond) : new Shape(0, ratios.median());
  }

  /** The usual run for a recording of that many seconds, above 0. */
  double at(double audio) {
    return Math.max(SHORTEST, base + perSecond * audio);
  }

  /** By how much each run was longer than usual: logarithms of the ratios. */
  double[] residuals(List<FinishedRun> runs) {
    return runs.stream().mapToDouble(run -> Math.log(run.seconds() / at(run.audio()))).toArray();
  }
}
