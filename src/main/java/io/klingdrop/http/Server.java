package io.klingdrop.http;

import io.klingdrop.settings.Settings;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.util.concurrent.TimeUnit;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpRouter;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpServer;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpServerConfiguration;
import org.jspecify.annotations.Nullable;

/**
 * Camel's server with what its configuration cannot say: no upgrade to HTTP/2, under which bodies
 * cannot be read twice, an end to silent connections, and a failure to bind that is told.
 */
final class Server extends VertxPlatformHttpServer {
  private static final int IDLE_SECONDS = 120;

  private final Settings.Http settings;
  private @Nullable HttpServer server;

  Server(Settings.Http settings, VertxPlatformHttpServerConfiguration configuration, Vertx engine) {
    super(configuration);
    this.settings = settings;
    setVertx(engine);
  }

  /** The router all routes are added to. */
  VertxPlatformHttpRouter router() {
    return VertxPlatformHttpRouter.lookup(
        getCamelContext(), VertxPlatformHttpRouter.getRouterNameFromPort(settings.port()));
  }

  @Override
  protected void startServer() {
    var options =
        new HttpServerOptions()
            .setHttp2ClearTextEnabled(false)
            .setMaxInitialLineLength(8192)
            .setMaxHeaderSize(16_384)
            .setIdleTimeout(IDLE_SECONDS)
            .setIdleTimeoutUnit(TimeUnit.SECONDS);
    server =
        getVertx()
            .createHttpServer(options)
            .requestHandler(router())
            .listen(settings.port(), settings.host())
            .toCompletionStage()
            .toCompletableFuture()
            .join();
  }

  @Override
  public @Nullable HttpServer getServer() {
    return server;
  }

  @Override
  public int getPort() {
    return settings.port();
  }

  @Override
  protected void stopServer() {
    if (server != null) {
      server.close().toCompletionStage().toCompletableFuture().join();
      server = null;
    }
  }

  @Override
  protected void stopVertx() {
    getVertx().close().toCompletionStage().toCompletableFuture().join();
  }
}
