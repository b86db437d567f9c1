package io.klingdrop.s3;

import io.klingdrop.job.Backoff;
import io.klingdrop.s3.StoreException.Trouble;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the bucket as a whole works, for every stage that uses it. While it does not, it is said
 * once, and one job at a time tries it; the others hear the trouble without asking. Thread-safe.
 */
public final class BucketBreaker {
  private static final Logger LOG = LoggerFactory.getLogger(BucketBreaker.class);

  private final InstantSource clock;
  private @Nullable StoreException trouble;
  private Instant nextTry = Instant.EPOCH;
  private int tries;

  public BucketBreaker(InstantSource clock) {
    this.clock = clock;
  }

  /**
   * Called before the bucket is used.
   *
   * @throws StoreException the trouble, while somebody else tries or the pause lasts
   */
  public synchronized void enter() {
    if (trouble != null) {
      if (clock.instant().isBefore(nextTry)) {
        throw trouble;
      }
      nextTry = clock.instant().plus(Backoff.after(tries));
    }
  }

  /** The bucket was in trouble; what is one object's alone is passed over. */
  public synchronized void troubled(StoreException e) {
    if (e == trouble || e.trouble() != Trouble.PLACE) {
      return;
    }
    var before = trouble;
    if (before == null || !String.valueOf(before.getMessage()).equals(e.getMessage())) {
      LOG.error(
          "s3: {}. Paid videos are safe in data/work and wait; it is tried again by itself.",
          e.getMessage());
    }
    tries = before == null ? 0 : tries + 1;
    trouble = e;
    nextTry = clock.instant().plus(Backoff.after(tries));
  }

  public synchronized void works() {
    if (trouble != null) {
      LOG.info("s3: the bucket works again");
      trouble = null;
      tries = 0;
    }
  }

  /** When a job that heard this trouble may come again. */
  public synchronized Instant comeAgain(int jobTries) {
    var own = clock.instant().plus(Backoff.after(jobTries));
    return trouble != null && own.isBefore(nextTry) ? nextTry : own;
  }
}
