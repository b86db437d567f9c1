package io.klingdrop.http;

import io.klingdrop.files.Hashes;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The page: files of the class path, read once; only those named here are sent. Thread-safe. */
final class Pages {
  private static final String INDEX = "index.html";

  /** Chart.js, which the build takes out of its own jar. */
  static final String LIBRARY = "lib/chart.umd.js";

  static final Set<String> FILES =
      Set.of(
          INDEX,
          "style.css",
          "icon.svg",
          "actions.js",
          "api.js",
          "app.js",
          "charts.js",
          "detail.js",
          "dom.js",
          "drop.js",
          "en.js",
          "i18n.js",
          "jobs.js",
          LIBRARY,
          "keys.js",
          "overview.js",
          "zh.js");
  private static final Map<String, String> TYPES =
      Map.of(
          "html", "text/html; charset=utf-8",
          "css", "text/css; charset=utf-8",
          "js", "text/javascript; charset=utf-8",
          "svg", "image/svg+xml");

  private final Map<String, Page> pages = new ConcurrentHashMap<>();

  private record Page(Buffer bytes, String tag) {}

  static Endpoint endpoint() {
    return Endpoint.raw(OpsPaths.PAGE, "The operator's page", "text/html");
  }

  /** Sends a file of the page; any other path goes on to the routes. */
  void handle(RoutingContext context) {
    var path = context.normalizedPath();
    if (path.equals("/") || path.equals("/ops")) {
      context.response().putHeader("Location", OpsPaths.PAGE).setStatusCode(302).end();
      return;
    }
    var rest = path.startsWith(OpsPaths.PAGE) ? path.substring(OpsPaths.PAGE.length()) : path;
    var name = rest.isEmpty() ? INDEX : rest;
    if (!FILES.contains(name)) {
      context.next();
      return;
    }
    var page = pages.computeIfAbsent(name, Pages::read);
    var response = context.response();
    response.putHeader("ETag", page.tag).putHeader("Cache-Control", "private, no-cache");
    if (page.tag.equals(context.request().getHeader("If-None-Match"))) {
      response.setStatusCode(304).end();
      return;
    }
    response.putHeader("Content-Type", TYPES.get(name.substring(name.lastIndexOf('.') + 1)));
    response.end(page.bytes);
  }

  private static Page read(String name) {
    try (var in = Pages.class.getResourceAsStream("/ops/" + name)) {
      if (in == null) {
        throw new IllegalStateException("the program has lost its file ops/" + name);
      }
      var bytes = in.readAllBytes();
      var tag = Hashes.sha256(new String(bytes, java.nio.charset.StandardCharsets.UTF_8));
      return new Page(Buffer.buffer(bytes), "\"" + tag.substring(0, 16) + "\"");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
