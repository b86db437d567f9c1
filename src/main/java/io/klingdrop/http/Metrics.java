package io.klingdrop.http;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Figures in Prometheus' text format, version 0.0.4. They are read at most every two seconds
 * however often they are asked for, and the library for them is loaded when they are asked for the
 * first time. Thread-safe.
 */
final class Metrics {
  private static final Duration FRESH = Duration.ofSeconds(2);

  private final Supplier<JobMetrics> maker;
  private final InstantSource clock;
  private @Nullable JobMetrics figures;
  private String last = "";
  private Instant lookedAt = Instant.MIN;

  /** Figures that are made when they are asked for the first time. */
  Metrics(Supplier<JobMetrics> maker, InstantSource clock) {
    this.maker = maker;
    this.clock = clock;
  }

  List<Endpoint> all() {
    return List.of(
        Endpoint.get(
                "/observe/metrics",
                "http-tell-metrics",
                "Tells figures in Prometheus' text format",
                request -> Answer.text("text/plain; version=0.0.4; charset=utf-8", text()))
            .answering("text/plain"));
  }

  private synchronized String text() {
    var now = clock.instant();
    if (!now.isBefore(lookedAt.plus(FRESH))) {
      if (figures == null) {
        figures = maker.get();
      }
      last = figures.look(now);
      lookedAt = now;
    }
    return last;
  }
}
