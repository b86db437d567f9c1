package io.klingdrop.outcomes;

import io.klingdrop.job.Backoff;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Endpoints that did not answer and are left alone for some seconds, so that one that is down costs
 * one attempt now and then instead of one for every message. Thread-safe.
 */
public final class EndpointBackoff {
  private final Map<String, Pause> pauses = new ConcurrentHashMap<>();
  private final InstantSource clock;

  private record Pause(int failures, Instant until) {}

  public EndpointBackoff(InstantSource clock) {
    this.clock = clock;
  }

  List<String> resting() {
    return pauses.keySet().stream().filter(this::isResting).sorted().toList();
  }

  boolean isResting(String endpoint) {
    var pause = pauses.get(endpoint);
    return pause != null && clock.instant().isBefore(pause.until());
  }

  /** It failed: it is left alone for 2 seconds, then longer, up to half a minute. */
  void failed(String endpoint) {
    pauses.compute(
        endpoint,
        (name, before) -> {
          var failures = before == null ? 0 : before.failures();
          return new Pause(failures + 1, clock.instant().plus(Backoff.after(failures)));
        });
  }

  void worked(String endpoint) {
    pauses.remove(endpoint);
  }
}
