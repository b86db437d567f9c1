package io.klingdrop.http;

import io.klingdrop.settings.Settings;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpServerConfiguration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one port: Camel's platform-http server, with our own edge before all routes. Its engine is
 * started in the background while the rest of the program starts.
 */
public final class HttpPort {
  private static final Logger LOG = LoggerFactory.getLogger(HttpPort.class);
  private static final long CALLBACK_LIMIT = 256L << 10;
  private static final long JSON_LIMIT = 256L << 10;
  private static final long UPLOAD_LIMIT = 256L << 20;

  private final Settings.Http settings;
  private final Path spool;
  private final List<Endpoint> endpoints;
  private final Events events;
  private final Edge edge;
  private final CompletableFuture<Vertx> engine;

  /**
   * A port that is not open yet.
   *
   * @param spool where uploads lie while they arrive
   */
  HttpPort(Settings.Http settings, Path spool, List<Endpoint> endpoints, Events events) {
    this.settings = settings;
    this.events = events;
    this.spool = spool;
    this.endpoints = List.copyOf(endpoints);
    this.edge = new Edge(settings);
    this.engine = CompletableFuture.supplyAsync(() -> Vertx.vertx(options()));
  }

  /**
   * Whether the port can be had.
   *
   * @throws IOException in words for the operator if it cannot
   */
  public static void requireFree(Settings.Http settings) throws IOException {
    try (var probe = new ServerSocket()) {
      probe.bind(new InetSocketAddress(InetAddress.getByName(settings.host()), settings.port()));
    } catch (UnknownHostException e) {
      throw new IOException("klingdrop.http.host: there is no address " + settings.host(), e);
    } catch (IOException e) {
      throw new IOException(
          "klingdrop.http.port: port %d of %s cannot be had (%s). Another program has it: choose another port, or 0 for none."
              .formatted(settings.port(), settings.host(), e.getMessage()),
          e);
    }
  }

  /** Adds the server to a context that has not started. */
  public void addTo(CamelContext context) throws Exception {
    var configuration = new VertxPlatformHttpServerConfiguration();
    configuration.setBindHost(settings.host());
    configuration.setBindPort(settings.port());
    configuration.setMaxBodySize(JSON_LIMIT);
    var server = new Server(settings, configuration, engine.join());
    context.addService(server);
    // the context starts its services later, and the edge must stand before the first route
    server.start();
    var router = server.router();
    router.route().handler(edge::handle).failureHandler(HttpPort::failed);
    router.route("/callback/*").handler(bodies(CALLBACK_LIMIT));
    router.route(OpsPaths.BUNDLES).handler(uploads());
    router.get().handler(new Pages()::handle);
    router.get(Events.endpoint().path()).handler(events::listen);
    router.route().handler(bodies(JSON_LIMIT));
    router.route().order(Integer.MAX_VALUE).handler(this::nothingThere);
  }

  /** The routes of the port. */
  public RouteBuilder routes() {
    return new HttpRoutes(endpoints);
  }

  /** Requests are answered from now on. */
  public void open() {
    edge.open();
  }

  private static BodyHandler bodies(long limit) {
    return BodyHandler.create(false).setBodyLimit(limit);
  }

  /** What a crash left of uploads goes. */
  private BodyHandler uploads() throws IOException {
    if (Files.isDirectory(spool)) {
      try (var left = Files.list(spool)) {
        for (var file : left.toList()) {
          Files.deleteIfExists(file);
        }
      }
    }
    return BodyHandler.create(spool.toString())
        .setBodyLimit(UPLOAD_LIMIT)
        .setDeleteUploadedFilesOnEnd(true);
  }

  private void nothingThere(RoutingContext context) {
    var path = context.normalizedPath();
    var methods =
        endpoints.stream()
            .filter(endpoint -> endpoint.pattern().matcher(path).matches())
            .map(Endpoint::method)
            .collect(Collectors.joining(", "));
    if (methods.isEmpty()) {
      Edge.refuse(context, Answer.error(404, "no-such-path", "there is nothing at this path"));
    } else {
      context.response().putHeader("Allow", methods);
      Edge.refuse(context, Answer.error(405, "method", "this path takes " + methods + " only"));
    }
  }

  private static void failed(RoutingContext context) {
    var status = context.statusCode() < 400 ? 500 : context.statusCode();
    if (status == 500) {
      LOG.error("a request could not be answered: {}", String.valueOf(context.failure()));
      LOG.debug("cause", context.failure());
    }
    var said =
        switch (status) {
          case 400 -> "the request cannot be read";
          case 413 -> "the body is too large";
          default -> "the request cannot be answered";
        };
    var code =
        switch (status) {
          case 400 -> "unreadable";
          case 413 -> "too-large";
          default -> "internal";
        };
    Edge.refuse(context, Answer.error(status, code, said));
  }

  private static VertxOptions options() {
    return new VertxOptions()
        .setEventLoopPoolSize(1)
        .setWorkerPoolSize(8)
        .setInternalBlockingPoolSize(2)
        .setMaxWorkerExecuteTimeUnit(TimeUnit.MINUTES)
        .setMaxWorkerExecuteTime(5)
        .setFileSystemOptions(
            new FileSystemOptions()
                .setFileCachingEnabled(false)
                .setClassPathResolvingEnabled(false));
  }
}
