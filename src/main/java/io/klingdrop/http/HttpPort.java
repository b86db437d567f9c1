package io.klingdrop.http;

import io.klingdrop.settings.Settings;
import io.klingdrop.time.Time;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpServerConfiguration;
import org.jspecify.annotations.Nullable;

/**
 * The one port, or two if callbacks have their own: Camel's platform-http server, with our own edge
 * before all routes. Its engine is started in the background while the rest of the program starts.
 */
public final class HttpPort implements AutoCloseable {
  private static final long CALLBACK_LIMIT = 64L << 10;
  private static final long JSON_LIMIT = 256L << 10;
  private static final long UPLOAD_LIMIT = 256L << 20;

  private static final int MOST_CONNECTIONS = 512;
  private static final int MOST_AT_THE_DOOR = 256;

  /** All the engine's workers but two, which callbacks always find. */
  private static final int WORKERS = 8;

  private static final int MOST_QUESTIONS = WORKERS - 2;
  private static final int LINE = 64;
  private static final int SEARCH_LINE = 8;

  private final Settings settings;
  private final Path spool;
  private final List<Endpoint> endpoints;
  private final Events events;
  private final CallbackEndpoints door;
  private final Edge edge;
  private final Faults faults;
  private final Logins logins;
  private final @Nullable Token token;
  private final Keeper keeper;
  private final Keeper atTheDoor;
  private final Turns questions = new Turns(MOST_QUESTIONS, LINE);
  private final Turns searches = new Turns(1, SEARCH_LINE);
  private final CompletableFuture<Vertx> engine;

  HttpPort(
      Settings settings,
      List<Endpoint> endpoints,
      HealthEndpoints health,
      CallbackEndpoints door,
      Events events,
      Logins logins,
      Time clock) {
    this.settings = settings;
    this.keeper = new Keeper(MOST_CONNECTIONS, clock::nanos);
    this.atTheDoor = new Keeper(MOST_AT_THE_DOOR, clock::nanos);
    this.events = events;
    this.door = door;
    this.spool = settings.folders().data().resolve("spool");
    this.endpoints = List.copyOf(endpoints);
    this.faults = new Faults(clock);
    this.logins = logins;
    this.token = settings.callback().on() && !settings.http().login() ? token(settings) : null;
    this.edge =
        new Edge(
            settings.callback(),
            new Operators(settings.http(), new Origins(settings.http()), logins, token),
            health,
            keeper,
            atTheDoor,
            new AtomicBoolean());
    this.engine =
        CompletableFuture.supplyAsync(
            () ->
                Vertx.vertx(options())
                    .exceptionHandler(fault -> faults.told("the HTTP engine failed", fault)));
  }

  private static Token token(Settings settings) {
    try {
      return Token.of(settings.folders().data(), settings.http().port());
    } catch (IOException e) {
      var file = settings.folders().data().resolve(Token.FILE);
      throw new UncheckedIOException(
          "the operator's token cannot be kept in " + file + ": " + e, e);
    }
  }

  /** Throws, in words for the operator, if one of the ports cannot be had. */
  public static void requireFree(Settings settings) throws IOException {
    var http = settings.http();
    requireFree("klingdrop.http", http.host(), http.port(), "0 for none");
    var callback = settings.callback();
    if (callback.apart()) {
      requireFree("klingdrop.callback", callback.host(), callback.port(), "0 for the HTTP port");
    }
  }

  private static void requireFree(String keys, String host, int port, String none)
      throws IOException {
    try (var probe = new ServerSocket()) {
      probe.bind(new InetSocketAddress(InetAddress.getByName(host), port));
    } catch (UnknownHostException e) {
      throw new IOException(keys + ".host: there is no address " + host, e);
    } catch (IOException e) {
      throw new IOException(
          "%s.port: port %d of %s cannot be had (%s). Another program has it: choose another port, or %s."
              .formatted(keys, port, host, e.getMessage(), none),
          e);
    }
  }

  /** Adds the server to a context that has not started. */
  public void addTo(CamelContext context) throws Exception {
    var configuration = new VertxPlatformHttpServerConfiguration();
    configuration.setBindHost(settings.http().host());
    configuration.setBindPort(settings.http().port());
    configuration.setMaxBodySize(JSON_LIMIT);
    context.getRegistry().bind(HttpRoutes.FAULTS, faults);
    var server = new Server(settings, configuration, engine.join(), keeper, atTheDoor);
    context.addService(server);
    // the context starts its services later, and the edge must stand before the first route
    server.start();
    var router = server.router();
    router.route().handler(edge::handle).failureHandler(faults::failed);
    router.route("/callback/*").handler(door::letIn);
    router.route("/callback/*").handler(new Bodies(Bodies.share()).upTo(CALLBACK_LIMIT));
    router.route(OpsPaths.BUNDLES).handler(uploads());
    router.get().handler(new Pages()::handle);
    router.get(Events.endpoint().path()).handler(events::listen);
    router.route().handler(new Bodies(Bodies.share()).upTo(JSON_LIMIT));
    router.get(OpsPaths.JOBS).handler(this::search);
    router.route(OpsPaths.API + "/*").handler(questions::enter);
    router.route("/observe/*").handler(questions::enter);
    router.route().order(Integer.MAX_VALUE).handler(this::nothingThere);
  }

  private void search(RoutingContext context) {
    if (context.queryParam("text").stream().allMatch(String::isBlank)) {
      context.next();
    } else {
      searches.enter(context);
    }
  }

  public RouteBuilder routes() {
    return new HttpRoutes(endpoints, List.of(searches, questions), faults);
  }

  public void open() {
    edge.open().set(true);
  }

  /** The address of the page, if it wants a token, which is in it: for the operator's eyes only. */
  public Optional<String> addressWithToken() {
    return Optional.ofNullable(token).map(has -> has.address(settings.http().port()));
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
      Answer.refuse(context, Answer.nothing());
    } else {
      context.response().putHeader("Allow", methods);
      Answer.refuse(context, 405, "method", "this path takes " + methods + " only");
    }
  }

  private static VertxOptions options() {
    return new VertxOptions()
        .setEventLoopPoolSize(1)
        .setWorkerPoolSize(WORKERS)
        .setInternalBlockingPoolSize(2)
        .setMaxWorkerExecuteTimeUnit(TimeUnit.MINUTES)
        .setMaxWorkerExecuteTime(5)
        .setFileSystemOptions(
            new FileSystemOptions()
                .setFileCachingEnabled(false)
                .setClassPathResolvingEnabled(false));
  }

  @Override
  public void close() {
    logins.close();
  }
}
