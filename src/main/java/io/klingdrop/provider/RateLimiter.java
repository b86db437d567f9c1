package io.klingdrop.provider;

import io.klingdrop.settings.Rate;
import io.klingdrop.time.Time;
import java.time.Duration;
import java.util.ArrayDeque;

/**
 * Keeps calls of one account under a rate: never more than its permits in any window of its length,
 * measured from the moments of leaving. They leave evenly, at most two close together, because
 * calls that leave in a bunch and are held up on the way meet the next bunch at the provider, and
 * together they are too many for its window. Thread-safe.
 */
public final class RateLimiter {
  private final Time time;
  private final int permits;
  private final long windowNanos;
  private final long stepNanos;
  private final ArrayDeque<Long> left = new ArrayDeque<>();
  private long evenly;
  private long notBefore;

  public RateLimiter(Rate rate, Time time) {
    this.time = time;
    this.permits = rate.permits();
    this.windowNanos = rate.window().toNanos();
    this.stepNanos = windowNanos / permits;
  }

  /** Waits for this caller's turn; if the thread is asked to stop, no permit is used. */
  public void await() throws InterruptedException {
    var wait = take(time.nanos());
    while (wait > 0) {
      time.pause(Duration.ofNanos(wait));
      wait = take(time.nanos());
    }
  }

  /**
   * Whether more than half of the permits of the last window were used: with fewer, a provider that
   * speaks of too many calls means somebody else's.
   */
  public synchronized boolean busy() {
    var now = time.nanos();
    return left.stream().filter(at -> now - at < windowNanos).count() * 2 > permits;
  }

  /** Somebody else made a call by the same rate, so long ago; to be told the oldest first. */
  public synchronized void count(Duration ago) {
    var at = time.nanos() - ago.toNanos();
    if (left.size() < permits && (left.isEmpty() || at - left.peekLast() >= 0)) {
      left.addLast(at);
      evenly = Math.max(evenly, at + stepNanos);
    }
  }

  /** The provider asked for a pause: nobody's turn comes before it is over. */
  public synchronized void pause(Duration pause) {
    notBefore = time.nanos() + pause.toNanos();
  }

  /** Takes a permit and answers 0, or answers how many nanoseconds are left until the next one. */
  synchronized long take(long now) {
    if (notBefore != 0 && notBefore - now > 0) {
      return notBefore - now;
    }
    notBefore = 0;
    while (!left.isEmpty() && now - left.peekFirst() >= windowNanos) {
      left.removeFirst();
    }
    if (left.size() == permits) {
      return left.element() + windowNanos - now;
    }
    if (left.isEmpty() || evenly - now < 0) {
      evenly = now;
    }
    if (evenly - stepNanos - now > 0) {
      return evenly - stepNanos - now;
    }
    evenly += stepNanos;
    left.addLast(now);
    return 0;
  }
}
