package io.klingdrop.settings;

import io.klingdrop.job.Units;
import java.time.Duration;
import java.util.regex.Pattern;

/** At most {@code permits} calls in any {@code window}. */
public record Rate(int permits, Duration window) {
  private static final Pattern RATE = Pattern.compile("(\\d{1,6})/(.+)");

  public Rate {
    if (permits < 1 || window.isZero() || window.isNegative()) {
      throw new IllegalArgumentException("a rate is like 18/10s");
    }
  }

  /** A rate such as {@code 18/10s}; an illegal argument if it is written otherwise. */
  public static Rate of(String text) {
    var match = RATE.matcher(text.strip());
    try {
      if (match.matches()) {
        return new Rate(Integer.parseInt(match.group(1)), Units.duration(match.group(2)));
      }
    } catch (IllegalArgumentException e) {
      // said below, in the words of rates
    }
    throw new IllegalArgumentException(
        "'%s' is not a rate; write calls per time: 18/10s".formatted(text));
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
