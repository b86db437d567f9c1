package io.klingdrop.deliver;

import io.klingdrop.job.Backoff;
import io.klingdrop.s3.StoreException;
import io.klingdrop.s3.StoreException.Trouble;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether a target as a whole works. While it does not, it is said once, and one job at a time
 * tries it; the others hear the trouble without asking. Thread-safe.
 */
final class Quay {
  private static final Logger LOG = LoggerFactory.getLogger(Quay.class);

  private final String target;
  private final InstantSource clock;
  private @Nullable StoreException trouble;
  private Instant nextTry = Instant.EPOCH;
  private int tries;

  Quay(String target, InstantSource clock) {
    this.target = target;
    this.clock = clock;
  }

  /**
   * Called before the target is used.
   *
   * @throws StoreException the trouble, while somebody else tries or the pause lasts
   */
  synchronized void enter() {
    if (trouble != null) {
      if (clock.instant().isBefore(nextTry)) {
        throw trouble;
      }
      nextTry = clock.instant().plus(Backoff.after(tries));
    }
  }

  /** The target refused as a whole. */
  synchronized void closed(StoreException e) {
    if (e == trouble) {
      return;
    }
    var before = trouble;
    if (before == null || !String.valueOf(before.getMessage()).equals(e.getMessage())) {
      LOG.error(
          "{}: {}. Paid videos are safe in data/work and wait; it is tried again by itself.",
          target,
          e.getMessage());
    }
    tries = before == null ? 0 : tries + 1;
    trouble = e;
    nextTry = clock.instant().plus(Backoff.after(tries));
  }

  /** The target did its work. */
  synchronized void works() {
    if (trouble != null) {
      LOG.info("{}: works again", target);
      trouble = null;
      tries = 0;
    }
  }

  /** When a job that heard this trouble may come again. */
  synchronized Instant comeAgain(int jobTries) {
    var own = clock.instant().plus(Backoff.after(jobTries));
    return trouble != null && own.isBefore(nextTry) ? nextTry : own;
  }

  /** Whether this trouble is the target's, not one object's. */
  static boolean ofPlace(StoreException e) {
    return e.trouble() == Trouble.PLACE;
  }
}
