package io.klingdrop.poll;

/**
 * When a running task will likely end, in seconds since it was accepted. Immutable.
 *
 * @param early hardly a task ends before
 * @param late hardly a task ends after
 * @param spread a standard deviation around the likely end
 */
record Expectation(double early, double late, double spread) {
  private static final double WORTH_OF_A_LOOK = 1.8;
  private static final double WIDENING = 0.25;

  /**
   * Seconds until the next look after one at that age.
   *
   * <p>Between {@code early} and {@code late} the looks are evenly spaced. A pause of g seconds
   * costs looks in proportion to spread / g and finds the end g / 2 seconds late on average; the
   * sum is least where g grows with the root of the spread. The factor is set so that tasks of 330
   * s with a spread of 12 % are looked at every 8 to 9 s. Of quick tasks no look is spared: the
   * pause is at most half of the spread. After {@code late} pauses widen by a quarter of the time
   * passed since.
   */
  double pause(double age) {
    if (age < early) {
      return early - age;
    }
    var even = Math.min(Math.sqrt(WORTH_OF_A_LOOK * spread), spread / 2);
    return even + Math.max(0, age - late) * WIDENING;
  }
}
