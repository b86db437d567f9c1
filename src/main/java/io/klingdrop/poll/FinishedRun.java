package io.klingdrop.poll;

import io.klingdrop.ledger.RunTime;
import java.util.Optional;

/**
 * One finished run as far as it teaches anything. Immutable.
 *
 * @param audio seconds of the recording, 0 if there was none
 * @param seconds how long it ran, above 0
 */
record FinishedRun(double audio, double seconds) {
  private static final double NEVER_SEEN_WORKING = 0.75;
  private static final double TOO_WIDE = 2;

  /**
   * The run time behind what was seen. The provider's word counts as far as it agrees with our own
   * looks: a task that recordInfo called unfinished had not ended for us. Without its word the end
   * is taken to lie between the last two looks, and three quarters of the way to the only look.
   *
   * @return nothing if the two looks lie so far apart that the end may be anywhere
   */
  static Optional<FinishedRun> of(RunTime seen) {
    var latest = seen.finishedMillis();
    var earliest = seen.workingMillis();
    var told = seen.toldMillis();
    double millis;
    if (told != null) {
      millis = Math.min(latest, Math.max(told, earliest == null ? 0 : earliest));
    } else if (earliest == null) {
      millis = latest * NEVER_SEEN_WORKING;
    } else if (latest > TOO_WIDE * earliest) {
      return Optional.empty();
    } else {
      millis = Math.sqrt((double) latest * earliest);
    }
    return millis > 0
        ? Optional.of(new FinishedRun(seen.audioMillis() / 1000.0, millis / 1000))
        : Optional.empty();
  }
}
