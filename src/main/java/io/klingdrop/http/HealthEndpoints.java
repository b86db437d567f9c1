package io.klingdrop.http;

import io.klingdrop.health.HealthReport;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Whether the program lives, and whether it can work. Answered beside the routes and without a
 * thread of theirs, from what was looked at lately, so that it answers whatever else goes on.
 * Everybody is told how it is, the operator also why.
 */
record HealthEndpoints(Supplier<HealthReport> health, Supplier<HealthReport> life) {
  static final String HEALTH = "/observe/health";
  private static final String READY = HEALTH + "/ready";
  private static final String LIVE = HEALTH + "/live";
  private static final Set<String> PATHS = Set.of(HEALTH, READY, LIVE);

  List<Endpoint> all() {
    var ready = "Answers 200 if klingdrop can work, else 503; the operator gets the reasons";
    return List.of(
        Endpoint.raw(HEALTH, ready, Answer.JSON),
        Endpoint.raw(READY, ready, Answer.JSON),
        Endpoint.raw(
            LIVE,
            "Answers 200 as long as the program's clock ticks; else only a restart helps",
            Answer.JSON));
  }

  /** Answers one of these paths, in full if the operator asks; others go on. */
  void handle(RoutingContext context, Supplier<Future<Boolean>> operator) {
    var path = context.normalizedPath();
    var method = context.request().method();
    if (!PATHS.contains(path)
        || !(method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD))) {
      context.next();
      return;
    }
    var report = (path.equals(LIVE) ? life : health).get();
    operator
        .get()
        .onSuccess(
            all ->
                Answer.refuse(context, Answer.json(report.ready() ? 200 : 503, report.json(all))));
  }
}
