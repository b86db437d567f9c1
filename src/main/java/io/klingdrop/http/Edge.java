package io.klingdrop.http;

import io.klingdrop.settings.Settings;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What every request meets before any route: headers that browsers obey, no Camel header from
 * outside, only callbacks at their own port, and for the operator's paths who asks and from where.
 * Thread-safe.
 */
record Edge(
    Settings.Callback callback,
    Operators operators,
    HealthEndpoints health,
    Keeper keeper,
    Keeper atTheDoor,
    AtomicBoolean open) {
  static final String CALLBACKS = "/callback/";

  /** A bundle may come over a slow line. */
  private static final Duration FOR_A_BUNDLE = Duration.ofHours(1);

  void handle(RoutingContext context) {
    var request = context.request();
    var door = callback.apart() && request.localAddress().port() == callback.port();
    describe(context.response());
    var path = path(context);
    var patience = path.equals(OpsPaths.BUNDLES) ? FOR_A_BUNDLE : Keeper.FOR_A_BODY;
    (door ? atTheDoor : keeper).asked(context, patience);
    if (path.isEmpty()) {
      Answer.refuse(context, 400, "unreadable", "the address cannot be read");
      return;
    }
    if (!open.get()) {
      context.response().putHeader("Retry-After", "1");
      Answer.refuse(context, 503, "starting", "klingdrop is starting");
      return;
    }
    Set.copyOf(request.headers().names()).stream()
        .filter(Edge::steersCamel)
        .forEach(request.headers()::remove);
    if (path.startsWith(CALLBACKS) ? callback.apart() != door : door) {
      Answer.refuse(context, Answer.nothing());
    } else if (path.startsWith(CALLBACKS)) {
      context.next();
    } else if (path.equals(HealthEndpoints.HEALTH)
        || path.startsWith(HealthEndpoints.HEALTH + "/")) {
      health.handle(context, () -> operators.isOperator(context));
    } else {
      operators.letIn(context);
    }
  }

  /** The path of the address; empty if its escapes make no sense. */
  private static String path(RoutingContext context) {
    try {
      return context.normalizedPath();
    } catch (IllegalArgumentException e) {
      return "";
    }
  }

  private static void describe(HttpServerResponse response) {
    response
        .putHeader("X-Content-Type-Options", "nosniff")
        .putHeader("X-Frame-Options", "DENY")
        .putHeader("Referrer-Policy", "no-referrer")
        .putHeader("Cache-Control", "no-store")
        .putHeader("Cross-Origin-Resource-Policy", "same-origin")
        .putHeader("Cross-Origin-Opener-Policy", "same-origin")
        .putHeader(
            "Content-Security-Policy",
            "default-src 'self'; img-src 'self' blob:; media-src 'self' blob:; object-src 'none';"
                + " base-uri 'none'; form-action 'self'; frame-ancestors 'none'");
  }

  private static boolean steersCamel(String header) {
    var name = header.toLowerCase(Locale.ROOT);
    return name.startsWith("camel")
        || name.startsWith("org.apache.camel")
        || name.startsWith("klingdrop");
  }
}
