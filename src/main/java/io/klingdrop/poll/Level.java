package io.klingdrop.poll;

import java.util.Arrays;

/**
 * Notices that a provider has become slower or faster for good: {@value #ROW} runs in a row that
 * all lie beyond what the runs before them would explain. A single wild run is no such row.
 */
final class Level {
  private static final int ROW = 5;
  private static final int LOOK_BACK = 4 * ROW;
  private static final double BEYOND = 2;

  private Level() {}

  /**
   * What must be added to each run to bring it to the present level.
   *
   * @param residuals logarithms, oldest first
   * @return as many logarithms, 0 for the runs since the latest change
   */
  static double[] corrections(double[] residuals) {
    var level = residuals.clone();
    var corrections = new double[residuals.length];
    int next = ROW;
    while (next + ROW <= level.length) {
      var before = Arrays.copyOfRange(level, Math.max(0, next - LOOK_BACK), next);
      if (!changed(before, Arrays.copyOfRange(level, next, next + ROW))) {
        next++;
        continue;
      }
      var after = Arrays.copyOfRange(level, next, Math.min(level.length, next + LOOK_BACK));
      var change = Weighted.evenly(after).median() - Weighted.evenly(before).median();
      for (int i = 0; i < next; i++) {
        level[i] += change;
        corrections[i] += change;
      }
      next += ROW;
    }
    return corrections;
  }

  private static boolean changed(double[] before, double[] row) {
    var usual = Weighted.evenly(before).median();
    var spread = Spread.ofMost(before);
    return Arrays.stream(row).allMatch(value -> value > usual + BEYOND * spread)
        || Arrays.stream(row).allMatch(value -> value < usual - BEYOND * spread);
  }
}
