package io.klingdrop.http;

import io.klingdrop.settings.Settings;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpRouter;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpServer;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpServerConfiguration;
import org.jspecify.annotations.Nullable;

/**
 * Camel's server with what its configuration cannot say: no upgrade to HTTP/2, under which bodies
 * cannot be read twice, an end to silent connections, a failure to bind that is told, and a second
 * port for callbacks if they have one of their own.
 */
final class Server extends VertxPlatformHttpServer {
  private static final int IDLE_SECONDS = 120;
  private static final long SWEEP_MILLIS = 1000;

  private final Settings settings;
  private final Keeper keeper;
  private final Keeper atTheDoor;
  private final List<HttpServer> servers = new ArrayList<>();

  Server(
      Settings settings,
      VertxPlatformHttpServerConfiguration configuration,
      Vertx engine,
      Keeper keeper,
      Keeper atTheDoor) {
    super(configuration);
    this.settings = settings;
    this.keeper = keeper;
    this.atTheDoor = atTheDoor;
    setVertx(engine);
  }

  /** The router all routes are added to. */
  VertxPlatformHttpRouter router() {
    return VertxPlatformHttpRouter.lookup(
        getCamelContext(), VertxPlatformHttpRouter.getRouterNameFromPort(getPort()));
  }

  @Override
  protected void startServer() {
    listen(settings.http().port(), settings.http().host(), keeper);
    var callback = settings.callback();
    if (callback.apart()) {
      listen(callback.port(), callback.host(), atTheDoor);
    }
  }

  private void listen(int port, String host, Keeper guests) {
    var options =
        new HttpServerOptions()
            .setHttp2ClearTextEnabled(false)
            .setMaxInitialLineLength(8192)
            .setMaxHeaderSize(16_384)
            .setIdleTimeout(IDLE_SECONDS)
            .setIdleTimeoutUnit(TimeUnit.SECONDS);
    servers.add(
        getVertx()
            .createHttpServer(options)
            .connectionHandler(guests::connected)
            .requestHandler(router())
            .listen(port, host)
            .toCompletionStage()
            .toCompletableFuture()
            .join());
    getVertx().setPeriodic(SWEEP_MILLIS, tick -> guests.sweep());
  }

  @Override
  public @Nullable HttpServer getServer() {
    return servers.isEmpty() ? null : servers.get(0);
  }

  @Override
  public int getPort() {
    return settings.http().port();
  }

  @Override
  protected void stopServer() {
    servers.forEach(server -> server.close().toCompletionStage().toCompletableFuture().join());
    servers.clear();
  }

  @Override
  protected void stopVertx() {
    getVertx().close().toCompletionStage().toCompletableFuture().join();
  }
}
