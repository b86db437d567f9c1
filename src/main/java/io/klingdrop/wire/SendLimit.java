package io.klingdrop.wire;

import io.klingdrop.time.Time;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Until when a call of this thread may begin to leave. It is judged once the connection stands,
 * just before the first byte, by both clocks of the machine: one of them stands still while the
 * machine is suspended. Thread-safe.
 */
public final class SendLimit {
  private static final ThreadLocal<@Nullable SendLimit> CURRENT = new ThreadLocal<>();

  private final Time time;
  private final Duration limit;
  private final long nanos;
  private final Instant instant;

  private SendLimit(Duration limit, Time time) {
    this.time = time;
    this.limit = limit;
    this.nanos = time.nanos();
    this.instant = time.instant();
  }

  /** A limit that begins to run now. */
  public static SendLimit of(Duration limit, Time time) {
    return new SendLimit(limit, time);
  }

  /** Makes calls, none of which begins to leave after the limit: such a one surely was not sent. */
  public <T> T over(Supplier<T> calls) {
    CURRENT.set(this);
    try {
      return calls.get();
    } finally {
      CURRENT.remove();
    }
  }

  /** Refuses a call of this thread that comes too late. */
  static void check() throws IOException {
    var current = CURRENT.get();
    if (current != null && current.over()) {
      throw new IOException(
          "more than %d s passed before the request could leave, so it was not sent"
              .formatted(current.limit.toSeconds()));
    }
  }

  private boolean over() {
    return time.nanos() - nanos >= limit.toNanos()
        || Duration.between(instant, time.instant()).compareTo(limit) >= 0;
  }
}
