package io.klingdrop.http;

import io.klingdrop.settings.Settings;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What every request meets before any route: headers that browsers obey, no Camel header from
 * outside, and for the operator's paths who asks and from where. Thread-safe.
 */
final class Edge {
  private static final Set<String> HERE = Set.of("localhost", "127.0.0.1", "[::1]");
  private static final Set<String> READS = Set.of("GET", "HEAD", "OPTIONS");
  private static final List<String> FORWARDED =
      List.of("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP");

  private final Settings.Http settings;
  private final Logins logins;
  private volatile boolean open;

  Edge(Settings.Http settings) {
    this.settings = settings;
    this.logins = new Logins(settings.user(), settings.passwordHash());
  }

  /** From now on requests are answered; before, the routes behind were not there yet. */
  void open() {
    open = true;
  }

  void handle(RoutingContext context) {
    var request = context.request();
    describe(context.response());
    if (!open) {
      context.response().putHeader("Retry-After", "1");
      refuse(context, Answer.error(503, "starting", "klingdrop is starting"));
      return;
    }
    request.headers().entries().stream()
        .map(entry -> entry.getKey())
        .filter(Edge::steersCamel)
        .toList()
        .forEach(request.headers()::remove);
    if (isOpenToAll(context.normalizedPath())) {
      context.next();
      return;
    }
    var refusal = refusal(request);
    if (refusal != null) {
      refuse(context, refusal);
    } else if (settings.login()) {
      askForPassword(context);
    } else {
      context.next();
    }
  }

  private static void describe(HttpServerResponse response) {
    response
        .putHeader("X-Content-Type-Options", "nosniff")
        .putHeader("X-Frame-Options", "DENY")
        .putHeader("Referrer-Policy", "no-referrer")
        .putHeader("Cache-Control", "no-store")
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

  /** The secret of a callback stands in its path; health says nothing a stranger could use. */
  private static boolean isOpenToAll(String path) {
    return path.startsWith("/callback/")
        || path.equals("/observe/health")
        || path.startsWith("/observe/health/");
  }

  private @Nullable Answer refusal(HttpServerRequest request) {
    if (!settings.login()) {
      if (!HERE.contains(hostOnly(request.getHeader("Host")))) {
        return Answer.error(
            403,
            "only-here",
            "without a login this is for callers on this machine, by the name localhost");
      }
      if (FORWARDED.stream().anyMatch(request.headers()::contains)) {
        return Answer.error(
            403,
            "proxied",
            "this request was passed on by a proxy: set klingdrop.http.user and"
                + " klingdrop.http.password-hash to allow that");
      }
    }
    if (!READS.contains(request.method().name()) && !comesFromHere(request)) {
      return Answer.error(
          403,
          "no-header",
          "a call that changes something needs the header X-Klingdrop: 1, or JSON from here");
    }
    return null;
  }

  private static String hostOnly(@Nullable String host) {
    return host == null ? "" : host.toLowerCase(Locale.ROOT).replaceFirst(":\\d+$", "");
  }

  /** No page of another site can send our own header, or JSON, without asking first. */
  private static boolean comesFromHere(HttpServerRequest request) {
    if (request.headers().contains("X-Klingdrop")) {
      return true;
    }
    var type = request.getHeader("Content-Type");
    var site = request.getHeader("Sec-Fetch-Site");
    return type != null
        && type.toLowerCase(Locale.ROOT).startsWith("application/json")
        && (site == null || site.equals("same-origin") || site.equals("none"))
        && sameOrigin(request.getHeader("Origin"), request.getHeader("Host"));
  }

  private static boolean sameOrigin(@Nullable String origin, @Nullable String host) {
    try {
      return origin == null || String.valueOf(URI.create(origin).getAuthority()).equals(host);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private void askForPassword(RoutingContext context) {
    var authorization = context.request().getHeader("Authorization");
    if (logins.known(authorization)) {
      context.next();
      return;
    }
    context.request().pause();
    context
        .vertx()
        .executeBlocking(() -> logins.right(authorization), true)
        .onComplete(
            checked -> {
              context.request().resume();
              if (checked.succeeded() && checked.result()) {
                context.next();
              } else {
                context.response().putHeader("WWW-Authenticate", "Basic realm=\"klingdrop\"");
                refuse(context, Answer.error(401, "login", "user and password, please"));
              }
            });
  }

  static void refuse(RoutingContext context, Answer answer) {
    if (!context.response().headWritten()) {
      context.response().setStatusCode(answer.status()).putHeader("Content-Type", answer.type());
      context.response().end(answer.body());
    }
  }
}
