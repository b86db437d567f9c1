package io.klingdrop.job;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/** How long to wait after a step has failed some times in a row. */
public final class Backoff {
  private static final List<Integer> SECONDS = List.of(2, 5, 12, 30);

  private Backoff() {}

  /**
   * 2, 5, 12, then 30 seconds, each within a quarter up or down.
   *
   * @param tries how often it has failed before, from 0
   */
  public static Duration after(int tries) {
    var seconds = SECONDS.get(Math.min(tries, SECONDS.size() - 1));
    return Duration.ofMillis((long) (seconds * ThreadLocalRandom.current().nextDouble(750, 1250)));
  }
}
