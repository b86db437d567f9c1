package io.klingdrop.poll;

import io.klingdrop.settings.Settings;
import java.time.Duration;
import java.util.Optional;
import java.util.function.DoubleSupplier;

/**
 * When a running task is looked at: first when the first of its kind end, then evenly until the
 * last of them have ended, then ever more rarely. While too little is known of its kind: as first
 * configured, then by its age and by what the catalogue expects. All within the configured bounds;
 * after the soft deadline in the slow lane. A little chance spreads tasks that were created
 * together.
 *
 * @param chance gives numbers from 0 to 1
 */
record Schedule(Settings.Poll settings, DoubleSupplier chance) {
  /** The pause as a share of the age: where nothing is expected, before and around the end. */
  private static final double BLIND = 0.1;

  private static final double BEFORE = 0.2;
  private static final double AROUND = 0.05;

  /** When a task of unknown length is looked at whose end will be told. */
  private static final Duration SOON = Duration.ofSeconds(10);

  /**
   * The age at which a task is first looked at: as configured, or later if it is known that hardly
   * one ends before; never after the soft deadline.
   */
  Duration first(Optional<Expectation> learned) {
    var first = settings.first();
    var early = learned.map(e -> millis(e.early() * between(0.97, 1))).orElse(first);
    return longer(first, shorter(early, settings.softDeadline()));
  }

  /**
   * The pause after a look at a task of that age.
   *
   * @param usual how long such a task takes by the catalogue, if it is listed there
   */
  Duration pause(Duration age, Optional<Expectation> learned, Optional<Duration> usual) {
    if (age.compareTo(settings.softDeadline()) > 0) {
      return settings.slowPeriod();
    }
    var seconds = age.toMillis() / 1000.0;
    var wish =
        learned
            .map(e -> e.pause(seconds) * between(0.95, 1))
            .orElseGet(() -> seconds * share(age, usual) * between(0.9, 1.1));
    return longer(settings.min(), shorter(millis(wish), settings.max()));
  }

  /**
   * The age at which a task whose end will be told is looked at all the same: when hardly one of
   * its kind still runs, or soon, where nothing is known and one look may show that calls do not
   * come.
   */
  Duration firstUntold(Optional<Expectation> learned) {
    var usual = learned.map(e -> millis(e.late())).orElse(SOON);
    return shorter(longer(settings.first(), usual), settings.softDeadline());
  }

  /** The pause after such a look at a task of that age: long, for its end will be told. */
  Duration pauseUntold(Duration age, Optional<Expectation> learned, Optional<Duration> usual) {
    var next = age.multipliedBy(3);
    if (learned.isEmpty() && usual.isPresent()) {
      next = longer(next, usual.get().multipliedBy(2));
    }
    var pause = next.minus(age);
    return pause.compareTo(settings.slowPeriod()) > 0
        ? settings.slowPeriod()
        : longer(settings.min(), pause);
  }

  private static double share(Duration age, Optional<Duration> usual) {
    if (usual.isEmpty() || age.compareTo(usual.get().multipliedBy(3).dividedBy(2)) > 0) {
      return BLIND;
    }
    return age.multipliedBy(2).compareTo(usual.get()) < 0 ? BEFORE : AROUND;
  }

  private static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? other : one;
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) > 0 ? other : one;
  }

  private double between(double least, double most) {
    return least + (most - least) * chance.getAsDouble();
  }

  private static Duration millis(double seconds) {
    return Duration.ofMillis((long) (seconds * 1000));
  }
}
