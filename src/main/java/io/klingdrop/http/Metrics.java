package io.klingdrop.http;

import io.klingdrop.ledger.Books;
import io.klingdrop.ledger.Shelf;
import io.klingdrop.provider.Lanes;
import io.klingdrop.provider.Providers;
import io.klingdrop.provider.Tally;
import io.klingdrop.settings.Rate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/**
 * Figures in Prometheus' text format, version 0.0.4. Read from indexes and counters, at most every
 * two seconds however often they are asked for. Thread-safe.
 */
final class Metrics {
  private static final Duration FRESH = Duration.ofSeconds(2);

  private final Books books;
  private final Shelf shelf;
  private final Lanes lanes;
  private final Providers providers;
  private final Tally tally;
  private final Supplier<HealthReport> health;
  private final Supplier<long[]> callbacks;
  private final InstantSource clock;
  private String last = "";
  private Instant lookedAt = Instant.MIN;

  /**
   * Figures of these.
   *
   * @param callbacks how many were accepted, and how many refused
   */
  Metrics(HttpRoom.Views views, Supplier<long[]> callbacks, InstantSource clock) {
    this.books = views.books();
    this.shelf = views.shelf();
    this.lanes = views.lanes();
    this.providers = views.providers();
    this.tally = views.tally();
    this.health = views.health();
    this.callbacks = callbacks;
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
      last = look(now);
      lookedAt = now;
    }
    return last;
  }

  private String look(Instant now) {
    var page = new MetricsPage();
    page.gauge("klingdrop_ready", "1 if klingdrop can work");
    page.value(health.get().ready() ? 1 : 0);
    page.gauge("klingdrop_jobs", "jobs in each state");
    books.counts().forEach((state, count) -> page.value(count, "state", state.name()));
    page.gauge("klingdrop_failed_jobs", "failed jobs of each class");
    shelf
        .failures()
        .forEach(
            (failure, count) ->
                page.value(count, "class", failure.toLowerCase(Locale.ROOT).replace('_', '-')));
    page.gauge("klingdrop_oldest_job_seconds", "age of the oldest job in each open state");
    shelf
        .oldest()
        .forEach((state, at) -> page.value((now.toEpochMilli() - at) / 1000, "state", state));
    page.gauge("klingdrop_detection_lag_seconds", "how late ends of recent tasks were noticed");
    shelf.lag().forEach((account, lag) -> page.value(lag / 1000, "account", account));
    page.gauge("klingdrop_recent_job_seconds", "what the newest 200 videos took on average");
    shelf.took().forEach((part, took) -> page.value(took / 1000, "part", part));
    page.gauge("klingdrop_credits_today", "credits spent or reserved this UTC day");
    books.spent(now).forEach((profile, credits) -> page.value(credits, "profile", profile));
    page.gauge("klingdrop_closed_lanes", "accounts and models that are closed now");
    page.value(lanes.all().size());
    page.counter("klingdrop_provider_calls_total", "calls by outcome; rate is too many");
    tally
        .calls()
        .forEach(
            (call, count) ->
                page.value(
                    count,
                    "account",
                    call.account(),
                    "call",
                    call.call(),
                    "outcome",
                    call.outcome()));
    page.gauge("klingdrop_provider_rate_limit", "calls per second the settings allow");
    providers
        .all()
        .forEach(
            account -> {
              page.value(
                  perSecond(account.settings().createRate()),
                  "account",
                  account.name(),
                  "call",
                  "createTask");
              page.value(
                  perSecond(account.settings().pollRate()),
                  "account",
                  account.name(),
                  "call",
                  "recordInfo");
            });
    var called = callbacks.get();
    page.counter("klingdrop_callbacks_total", "callbacks by what became of them");
    page.value((double) called[0], "outcome", "accepted");
    page.value((double) called[1], "outcome", "refused");
    return page.toString();
  }

  private static double perSecond(Rate rate) {
    return rate.permits() * 1000.0 / rate.window().toMillis();
  }
}
