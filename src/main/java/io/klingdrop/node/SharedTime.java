package io.klingdrop.node;

import io.klingdrop.time.Time;
import java.time.Duration;
import java.time.Instant;

/**
 * The time of a node among others: that of its machine, moved to where the clock of the shared
 * database stands, so that what one node writes down as due is due at the same moment for all. What
 * is measured and waited for goes by the machine. Thread-safe.
 */
public final class SharedTime implements Time {
  /** Less is no difference between clocks but the way of an answer. */
  private static final Duration SMALL = Duration.ofMillis(200);

  private final Time machine;
  private volatile Duration ahead = Duration.ZERO;

  public SharedTime(Time machine) {
    this.machine = machine;
  }

  /** The database's clock stands there now. */
  public void set(Instant database) {
    var difference = Duration.between(instant(), database);
    if (difference.abs().compareTo(SMALL) > 0) {
      ahead = ahead.plus(difference);
    }
  }

  /** By how much the database's clock is ahead of this machine's. */
  public Duration ahead() {
    return ahead;
  }

  @Override
  public Instant instant() {
    return machine.instant().plus(ahead);
  }

  @Override
  public long nanos() {
    return machine.nanos();
  }

  @Override
  public void pause(Duration length) throws InterruptedException {
    machine.pause(length);
  }

  @Override
  public Timer timer(String thread) {
    return machine.timer(thread);
  }

  @Override
  public void onLeap(Runnable leapt) {
    machine.onLeap(leapt);
  }
}
