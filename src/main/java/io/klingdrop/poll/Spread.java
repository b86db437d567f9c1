package io.klingdrop.poll;

import java.util.Arrays;

/** How far runs lie from the usual one, as a standard deviation of their logarithms. */
final class Spread {
  /**
   * What is assumed of a provider nothing is known of, and how many runs that assumption counts.
   */
  private static final double ASSUMED = 0.15;

  private static final double ASSUMED_RUNS = 3;

  /** The median distance of a normal distribution, in standard deviations. */
  private static final double MEDIAN_DISTANCE = 0.6745;

  private static final double WILD = 3;

  private Spread() {}

  /** The spread of most of them: up to half may be wild. */
  static double ofMost(double[] values) {
    var usual = Weighted.evenly(values).median();
    var away = Arrays.stream(values).map(value -> Math.abs(value - usual)).toArray();
    return cautious(Weighted.evenly(away).median() / MEDIAN_DISTANCE, values.length);
  }

  /** The same values, wild ones moved to where wildness begins. */
  static double[] tamed(double[] values) {
    var usual = Weighted.evenly(values).median();
    var most = WILD * ofMost(values);
    return Arrays.stream(values)
        .map(value -> Math.max(usual - most, Math.min(usual + most, value)))
        .toArray();
  }

  /** A spread seen in few runs, drawn towards what is assumed: five equal runs prove little. */
  static double cautious(double seen, double runs) {
    return Math.sqrt(
        (ASSUMED_RUNS * ASSUMED * ASSUMED + runs * seen * seen) / (ASSUMED_RUNS + runs));
  }
}
