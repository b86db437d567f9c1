package io.klingdrop.http;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.OptionalLong;

/** Lets one line a minute into the log, and counts those it does not. Thread-safe. */
final class LogThrottle {
  private static final Duration PERIOD = Duration.ofMinutes(1);

  private final InstantSource clock;
  private Instant next = Instant.MIN;
  private long silent;

  LogThrottle(InstantSource clock) {
    this.clock = clock;
  }

  /** How many were kept back since the last line, if another may be written now; else empty. */
  synchronized OptionalLong turn() {
    var now = clock.instant();
    if (now.isBefore(next)) {
      silent++;
      return OptionalLong.empty();
    }
    next = now.plus(PERIOD);
    var kept = silent;
    silent = 0;
    return OptionalLong.of(kept);
  }

  /** The end of a line that stands for so many others, too; empty for none. */
  static String others(long silent) {
    return silent == 0 ? "" : "; " + silent + " more since the last such line";
  }
}
