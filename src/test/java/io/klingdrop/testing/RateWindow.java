package io.klingdrop.testing;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/** Admits so many calls within any stretch of time; refused calls do not count against it. */
final class RateWindow {

  private final int limit;
  private final long window;
  private final Deque<Long> admitted = new ArrayDeque<>();

  RateWindow(int limit, Duration window) {
    this.limit = limit;
    this.window = window.toNanos();
  }

  /** Whether one more call is admitted at this reading of the nanoseconds. */
  synchronized boolean admits(long now) {
    while (!admitted.isEmpty() && now - admitted.getFirst() >= window) {
      admitted.removeFirst();
    }
    if (admitted.size() >= limit) {
      return false;
    }
    admitted.addLast(now);
    return true;
  }
}
