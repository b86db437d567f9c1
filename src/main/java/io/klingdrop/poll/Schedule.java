package io.klingdrop.poll;

import io.klingdrop.settings.Settings;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ThreadLocalRandom;

/**
 * When a running task is looked at next: a tenth of its age after the last look, within the
 * configured bounds; after the soft deadline in the slow lane. A little chance spreads tasks that
 * were created together.
 */
final class Schedule {
  private final Settings.Poll settings;

  Schedule(Settings.Poll settings) {
    this.settings = settings;
  }

  /** The next look at a task that was accepted at {@code submitted}. */
  Instant next(Instant submitted, Instant now) {
    return now.plus(pause(Duration.between(submitted, now)));
  }

  /** The pause after a look at a task of that age, before chance. */
  private Duration pause(Duration age) {
    if (age.compareTo(settings.softDeadline()) > 0) {
      return settings.slowPeriod();
    }
    var wish = Duration.ofMillis((long) (age.toMillis() * chance()));
    if (wish.compareTo(settings.min()) < 0) {
      return settings.min();
    }
    return wish.compareTo(settings.max()) > 0 ? settings.max() : wish;
  }

  private static double chance() {
    return ThreadLocalRandom.current().nextDouble(0.09, 0.11);
  }
}
