package io.klingdrop.http;

import io.klingdrop.settings.Settings;
import io.vertx.core.http.HttpServerRequest;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * From where the operator's paths may be asked at all, whoever asks: without a login from this
 * machine by its own names; never by a page of another site, and with what changes something not
 * even by one that got as far as sending a form. Thread-safe.
 */
record Origins(Settings.Http settings) {
  private static final Set<String> HERE = Set.of("localhost", "127.0.0.1", "[::1]");
  private static final Set<String> READS = Set.of("GET", "HEAD", "OPTIONS");
  private static final List<String> FORWARDED =
      List.of("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP");

  /** Why this request is not looked at any further; null if it is. */
  @Nullable Answer refusal(HttpServerRequest request) {
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
    if (isOfAnotherSite(request)) {
      return Answer.error(403, "other-site", "a page of another site may not ask this");
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

  /**
   * Whether a browser says that a page from elsewhere wants this, another port of this machine
   * among them. A link that is followed is fine: the page it was on does not see what comes.
   */
  private static boolean isOfAnotherSite(HttpServerRequest request) {
    var site = request.getHeader("Sec-Fetch-Site");
    if (site == null || site.equals("same-origin") || site.equals("none")) {
      return false;
    }
    return !(READS.contains(request.method().name())
        && "navigate".equals(request.getHeader("Sec-Fetch-Mode"))
        && "document".equals(request.getHeader("Sec-Fetch-Dest")));
  }

  /** No page of another site can send our own header, or JSON, without asking first. */
  private static boolean comesFromHere(HttpServerRequest request) {
    if (request.headers().contains("X-Klingdrop")) {
      return true;
    }
    var type = request.getHeader("Content-Type");
    return type != null
        && type.toLowerCase(Locale.ROOT).startsWith("application/json")
        && sameOrigin(request.getHeader("Origin"), request.getHeader("Host"));
  }

  private static boolean sameOrigin(@Nullable String origin, @Nullable String host) {
    try {
      return origin == null || String.valueOf(URI.create(origin).getAuthority()).equals(host);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
