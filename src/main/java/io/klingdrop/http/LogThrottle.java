package io.klingdrop.http;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/** Lets one line a minute into the log, and counts those it does not. Thread-safe. */
final class LogThrottle {
  private static final Duration PERIOD = Duration.ofMinutes(1);

  private final InstantSource clock;
  private Instant next = Instant.MIN;
  private long silent;

  LogThrottle(InstantSource clock) {
    this.clock = clock;
  }

  /** The end of the line if one may be written now, for those that were kept back; else none. */
  synchronized Optional<String> turn() {
    var now = clock.instant();
    if (now.isBefore(next)) {
      silent++;
      return Optional.empty();
    }
    next = now.plus(PERIOD);
    var kept = silent;
    silent = 0;
    return Optional.of(kept == 0 ? "" : "; " + kept + " more since the last such line");
  }
}
