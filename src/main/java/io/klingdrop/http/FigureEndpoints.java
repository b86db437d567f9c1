package io.klingdrop.http;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.klingdrop.job.FailureClass;
import io.klingdrop.ledger.LedgerFigures;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Figures to draw. Asked of the ledger at most every two seconds. Thread-safe. */
final class FigureEndpoints {
  private static final Duration FRESH = Duration.ofSeconds(2);
  private static final int HOURS = 24;
  private static final long HOUR_MILLIS = 3_600_000;

  private final LedgerFigures figures;
  private final InstantSource clock;
  private Answer last = Answer.SENT;
  private Instant lookedAt = Instant.MIN;

  FigureEndpoints(LedgerFigures figures, InstantSource clock) {
    this.figures = figures;
    this.clock = clock;
  }

  List<Endpoint> all() {
    return List.of(
        Endpoint.get(
            OpsPaths.API + "/figures",
            "http-tell-figures",
            "Tells videos and failures of the last 24 hours, failures by class and delays",
            request -> answer()));
  }

  private synchronized Answer answer() {
    var now = clock.instant();
    if (!now.isBefore(lookedAt.plus(FRESH))) {
      last = look(now);
      lookedAt = now;
    }
    return last;
  }

  private Answer look(Instant now) {
    var json = JsonNodeFactory.instance.objectNode();
    var first = now.toEpochMilli() / HOUR_MILLIS - HOURS + 1;
    var ends = figures.ends(Instant.ofEpochMilli(first * HOUR_MILLIS));
    var lags = figures.lags(Instant.ofEpochMilli(first * HOUR_MILLIS));
    var hours = json.putArray("hours");
    for (long hour = first; hour < first + HOURS; hour++) {
      hours
          .addObject()
          .put("at", Instant.ofEpochMilli(hour * HOUR_MILLIS).toString())
          .put("delivered", ends.getOrDefault(hour + " DELIVERED", 0.0).longValue())
          .put("failed", ends.getOrDefault(hour + " FAILED", 0.0).longValue())
          .put("lagMillis", rounded(lags.get(Long.toString(hour))));
    }
    var failures = json.putObject("failures");
    for (var entry : figures.failures().entrySet()) {
      failures.put(FailureClass.valueOf(entry.getKey()).channel(), entry.getValue().longValue());
    }
    var lag = json.putObject("lagMillis");
    figures.lag().forEach((account, millis) -> lag.put(account, Math.round(millis)));
    var took = json.putObject("tookMillis");
    figures.took().forEach((part, millis) -> took.put(part, Math.round(millis)));
    return Answer.json(json);
  }

  private static @Nullable Long rounded(@Nullable Double millis) {
    return millis == null ? null : Math.round(millis);
  }
}
