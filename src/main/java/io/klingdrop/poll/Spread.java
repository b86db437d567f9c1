package io.klingdrop.poll;

/** How far runs lie from the usual one, as a standard deviation of their logarithms. */
final class Spread {
  /**
   * What is assumed of a provider nothing is known of, and how many runs that assumption counts.
   */
  private static final double ASSUMED = 0.15;

  private static final double ASSUMED_RUNS = 3;

  private Spread() {}

  /** A spread seen in few runs, drawn towards what is assumed: five equal runs prove little. */
  static double cautious(double seen, double runs) {
    return Math.sqrt(
        (ASSUMED_RUNS * ASSUMED * ASSUMED + runs * seen * seen) / (ASSUMED_RUNS + runs));
  }
}
