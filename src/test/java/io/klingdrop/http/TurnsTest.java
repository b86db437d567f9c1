package io.klingdrop.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.klingdrop.testing.Patience;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How many questions are worked on at once, over real sockets. */
class TurnsTest {
  private final Turns turns = new Turns(1, 2);
  private final List<RoutingContext> working = new CopyOnWriteArrayList<>();
  private final List<Socket> sockets = new ArrayList<>();
  private Vertx engine;
  private int port;

  @BeforeEach
  void open() {
    engine = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    var router = Router.router(engine);
    router.route().handler(turns::enter);
    router.route().handler(working::add);
    port =
        engine
            .createHttpServer()
            .requestHandler(router)
            .listen(0, "127.0.0.1")
            .toCompletionStage()
            .toCompletableFuture()
            .join()
            .actualPort();
  }

  @AfterEach
  void close() throws IOException {
    for (var socket : sockets) {
      socket.close();
    }
    engine.close().toCompletionStage().toCompletableFuture().join();
  }

  private Socket ask() throws IOException {
    var socket = new Socket("127.0.0.1", port);
    sockets.add(socket);
    socket.setSoTimeout(60_000);
    socket
        .getOutputStream()
        .write("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.UTF_8));
    return socket;
  }

  private void await(int given, int waiting) {
    Patience.await().until(() -> turns.counts()[0] == given && turns.counts()[1] == waiting);
  }

  private static String status(Socket socket) throws IOException {
    return new String(socket.getInputStream().readNBytes(12), StandardCharsets.UTF_8).substring(9);
  }

  private void answer(int n) {
    Patience.await().until(() -> working.size() > n);
    engine.runOnContext(go -> working.get(n).response().end("answer"));
  }

  @Test
  void oneAtATimeInTheirOrderAndWhoComesTooLateIsToldSo() throws IOException {
    var first = ask();
    await(1, 0);
    var second = ask();
    await(1, 1);
    var third = ask();
    await(1, 2);

    assertThat(status(ask())).isEqualTo("429");
    assertThat(working).hasSize(1);

    answer(0);
    assertThat(status(first)).isEqualTo("200");
    answer(1);
    assertThat(status(second)).isEqualTo("200");
    answer(2);
    assertThat(status(third)).isEqualTo("200");
    await(0, 0);
  }

  @Test
  void whoHangsUpInTheLineLeavesIt() throws IOException {
    ask();
    await(1, 0);
    var second = ask();
    await(1, 1);

    second.close();

    await(1, 0);
    assertThat(working).hasSize(1);
  }

  @Test
  void workThatHasBegunKeepsItsTurnThoughNobodyListens() throws IOException {
    var first = ask();
    Patience.await().until(() -> working.size() == 1);
    turns.begun(working.get(0).request());
    ask();
    await(1, 1);

    first.close();
    Patience.await().until(() -> working.get(0).response().closed());
    assertThat(turns.counts()).containsExactly(1, 1);

    turns.done(working.get(0).request());
    Patience.await().until(() -> working.size() == 2);
  }
}
