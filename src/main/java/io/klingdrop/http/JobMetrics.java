package io.klingdrop.http;

import io.klingdrop.job.FailureClass;
import io.klingdrop.job.JobState;
import io.klingdrop.provider.Providers.Account;
import io.klingdrop.provider.Tally.Counted;
import io.klingdrop.settings.ProviderSettings;
import io.klingdrop.settings.Rate;
import io.klingdrop.settings.Settings;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;

/** All figures, in a registry of Micrometer. Not thread-safe. */
final class JobMetrics {
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final Tables tables = new Tables(registry);
  private final Settings settings;
  private final Views views;
  private final Ends ends;
  private final RateUse rateUse;

  /** What the registry reads it does not keep: it must be held here, or its figures stand still. */
  private final List<Supplier<long[]>> counted;

  /** Figures of these; callbacks and logins are counts by outcome; earlier ends do not count. */
  JobMetrics(
      Settings settings,
      Views views,
      Supplier<long[]> callbacks,
      Supplier<long[]> logins,
      Instant started) {
    this.settings = settings;
    this.views = views;
    this.ends = new Ends(registry, views.milestones(), started);
    this.rateUse = new RateUse(started);
    this.counted = List.of(callbacks, logins);
    Gauge.builder("klingdrop_ready", views.health(), health -> health.get().ready() ? 1 : 0)
        .description("1 if klingdrop can work")
        .register(registry);
    Gauge.builder("klingdrop_closed_lanes", views.lanes(), lanes -> lanes.all().size())
        .description("Accounts and models that are closed now")
        .register(registry);
    Gauge.builder("klingdrop_held_jobs", views.queries(), queries -> queries.counts().held())
        .description("Ready jobs that wait for the money of another day")
        .register(registry);
    counted(
        "klingdrop_callbacks",
        "Callbacks by what became of them",
        counted.get(0),
        List.of("accepted", "refused"));
    counted(
        "klingdrop_logins",
        "Passwords that were looked at, and those that were not for too many wrong ones",
        counted.get(1),
        List.of("right", "wrong", "refused"));
  }

  private void counted(String name, String help, Supplier<long[]> counts, List<String> outcomes) {
    for (int i = 0; i < outcomes.size(); i++) {
      var index = i;
      FunctionCounter.builder(name, counts, counted -> counted.get()[index])
          .description(help)
          .tag("outcome", outcomes.get(i))
          .register(registry);
    }
  }

  /** Reads everything anew; answers the page. */
  String look(Instant now) {
    jobs(now);
    money(now);
    accounts(now);
    lanes(now);
    backlog(now);
    ends.count(now);
    tables.show();
    return registry.scrape();
  }

  private void jobs(Instant now) {
    var counts = views.queries().counts().byState();
    var jobs = tables.fresh("klingdrop_jobs", "Jobs in each state");
    for (var state : JobState.values()) {
      jobs.row(counts.getOrDefault(state, 0L), "state", state.name());
    }
    var failures = views.figures().failures();
    var failed = tables.fresh("klingdrop_failed_jobs", "Failed jobs of each class");
    for (var failure : FailureClass.values()) {
      failed.row(failures.getOrDefault(failure.name(), 0.0), "class", failure.channel());
    }
    var oldest =
        tables.fresh("klingdrop_oldest_job_seconds", "Age of the oldest job in each open state");
    var begun = views.figures().oldest();
    begun.forEach((state, at) -> oldest.row((now.toEpochMilli() - at) / 1000, "state", state));
    var recent =
        tables.fresh("klingdrop_recent_job_seconds", "What the newest 200 videos took on average");
    views.figures().took().forEach((part, took) -> recent.row(took / 1000, "part", part));
  }

  private void money(Instant now) {
    var today = tables.fresh("klingdrop_credits_today", "Credits spent or reserved this UTC day");
    var spent = views.queries().counts().spent(now);
    spent.forEach((profile, credits) -> today.row(credits, "profile", profile));
    var caps =
        tables.fresh(
            "klingdrop_credits_cap",
            "Credits that may be spent in one UTC day; an empty profile stands for all together");
    var general = settings.budget().creditsPerDay();
    if (general != null) {
      caps.row(general, "profile", "");
    }
    for (var profile : views.catalogue().profiles()) {
      var own = profile.creditsPerDay();
      if (own != null) {
        caps.row(own, "profile", profile.name());
      }
    }
  }

  private void accounts(Instant now) {
    var calls = views.tally().calls();
    calls.keySet().forEach(this::counter);
    var use = rateUse.perSecond(calls, now);
    var limits =
        tables.fresh("klingdrop_provider_rate_limit", "Calls per second the settings allow");
    var used =
        tables.fresh(
            "klingdrop_provider_rate_use", "Share of that rate used in the last minute, 0 to 1");
    var flying = tables.fresh("klingdrop_provider_in_flight", "Tasks that are, or may be, running");
    for (var account : accounts()) {
      for (var call : rates(account.settings()).entrySet()) {
        var perSecond = use.getOrDefault(account.name() + " " + call.getKey(), 0.0);
        var share = perSecond / call.getValue();
        limits.row(call.getValue(), "account", account.name(), "call", call.getKey());
        used.row(share, "account", account.name(), "call", call.getKey());
      }
      var tasks = views.queries().counts().inFlight(account.name(), () -> now);
      flying.row(tasks, "account", account.name());
    }
  }

  private void counter(Counted counted) {
    FunctionCounter.builder(
            "klingdrop_provider_calls",
            views.tally(),
            tally -> tally.calls().getOrDefault(counted, 0L))
        .description("Calls by outcome; rate is too many, answered 429 or the like")
        .tags("account", counted.account(), "call", counted.call(), "outcome", counted.outcome())
        .register(registry);
  }

  private void lanes(Instant now) {
    var open = tables.fresh("klingdrop_lane_open", "1 if the account is open, 0 if it is closed");
    for (var account : accounts()) {
      var is = views.lanes().account(account.name()).isEmpty();
      open.row(is ? 1 : 0, "account", account.name());
    }
    var closed =
        tables.fresh(
            "klingdrop_closed_lane_seconds",
            "How long an account, or one model of it, has been closed");
    for (var lane : views.lanes().all()) {
      var age = seconds(lane.closedAt(), now);
      closed.row(age, "account", lane.provider(), "model", lane.model(), "cause", lane.cause());
    }
  }

  private void backlog(Instant now) {
    var waiting =
        tables.fresh("klingdrop_outcome_backlog", "Messages and notices that nobody has taken yet");
    var oldest = tables.fresh("klingdrop_outcome_oldest_seconds", "Age of the oldest of them");
    for (var backlog : views.outcomes().backlog()) {
      var way = backlog.way().name().toLowerCase(Locale.ROOT);
      waiting.row((double) backlog.count(), "way", way);
      oldest.row(seconds(backlog.oldest(), now), "way", way);
    }
  }

  private List<Account> accounts() {
    return views.providers().all().stream().filter(account -> account.settings().usable()).toList();
  }

  private static Map<String, Double> rates(ProviderSettings account) {
    return Map.of(
        "createTask", perSecond(account.createRate()), "recordInfo", perSecond(account.pollRate()));
  }

  private static double perSecond(Rate rate) {
    return rate.permits() * 1000.0 / rate.window().toMillis();
  }

  private static double seconds(Instant since, Instant now) {
    return Duration.between(since, now).toMillis() / 1000.0;
  }
}
