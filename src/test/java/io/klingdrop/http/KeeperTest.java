package io.klingdrop.http;

import static io.klingdrop.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Connections are few, and none keeps us waiting for ever; real sockets, a clock of our own. */
class KeeperTest {
  private static final String WHOLE = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
  private static final String HALF = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nhalf";

  private final AtomicLong nanos = new AtomicLong();
  private final Keeper keeper = new Keeper(3, nanos::get);
  private Vertx vertx;
  private int port;

  @BeforeEach
  void open() throws Exception {
    vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    var router = Router.router(vertx);
    router
        .route()
        .handler(
            context -> {
              keeper.asked(context, Keeper.FOR_A_BODY);
              context.request().bodyHandler(body -> context.response().end("ok"));
            });
    port =
        vertx
            .createHttpServer(new HttpServerOptions().setHttp2ClearTextEnabled(false))
            .connectionHandler(keeper::connected)
            .requestHandler(router)
            .listen(0, "127.0.0.1")
            .toCompletionStage()
            .toCompletableFuture()
            .get(60, TimeUnit.SECONDS)
            .actualPort();
  }

  @AfterEach
  void close() throws Exception {
    vertx.close().toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
  }

  private Socket connect(String says) throws IOException {
    var before = keeper.count();
    var socket = new Socket("127.0.0.1", port);
    socket.setSoTimeout(60_000);
    socket.getOutputStream().write(says.getBytes(StandardCharsets.UTF_8));
    await().until(() -> keeper.count() > before || before == 3);
    nanos.addAndGet(1_000_000);
    return socket;
  }

  private static String answer(Socket socket) throws IOException {
    return new String(socket.getInputStream().readNBytes(12), StandardCharsets.UTF_8);
  }

  /** What its one thread was told before is done, and whatever followed from that. */
  private void letTheEngineGoOn() throws InterruptedException {
    for (int n = 0; n < 100; n++) {
      var done = new CountDownLatch(1);
      vertx.runOnContext(go -> done.countDown());
      done.await();
    }
  }

  @Test
  void whoKeepsUsWaitingLongestMakesRoom() throws Exception {
    try (var silent = connect("");
        var half = connect(HALF);
        var other = connect("");
        var good = connect(WHOLE)) {
      assertThat(answer(good)).isEqualTo("HTTP/1.1 200");
      assertThat(keeper.count()).isEqualTo(3);
      assertThat(silent.getInputStream().read()).isEqualTo(-1);
      half.getOutputStream().write("whole".getBytes(StandardCharsets.UTF_8));
      assertThat(answer(half)).isEqualTo("HTTP/1.1 200");
      assertThat(keeper.count()).isEqualTo(3);
      assertThat(other.isClosed()).isFalse();
    }
    await().until(() -> keeper.count() == 0);
  }

  @Test
  void aRequestThatDoesNotComeOrDoesNotEndIsGivenUp() throws Exception {
    try (var silent = connect("");
        var half = connect(HALF);
        var idle = connect(WHOLE)) {
      assertThat(answer(idle)).isEqualTo("HTTP/1.1 200");
      nanos.addAndGet(Duration.ofSeconds(16).toNanos());
      keeper.sweep();
      letTheEngineGoOn();
      assertThat(keeper.count()).isEqualTo(1);
      assertThat(silent.getInputStream().read()).isEqualTo(-1);
      assertThat(half.getInputStream().read()).isEqualTo(-1);
    }
  }
}
