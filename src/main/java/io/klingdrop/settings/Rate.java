package io.klingdrop.settings;

import java.time.Duration;

/** At most {@code permits} calls in any {@code window}. */
public record Rate(int permits, Duration window) {

  public Rate {
    if (permits < 1 || window.isZero() || window.isNegative()) {
      throw new IllegalArgumentException("a rate is like 18/10s");
    }
  }

  /** Whether this rate allows more calls in the long run than the other. */
  public boolean exceeds(Rate other) {
    return (double) permits / window.toMillis() > (double) other.permits / other.window.toMillis();
  }

  @Override
  public String toString() {
    return permits + "/" + Units.text(window);
  }
}
