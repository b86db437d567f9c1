package io.klingdrop.http;

import static io.klingdrop.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Bodies of requests, over a real socket. */
class BodiesTest {
  private final Bodies bodies = new Bodies(1000);
  private final AtomicInteger ended = new AtomicInteger();
  private Vertx engine;
  private int port;

  @BeforeEach
  void open() {
    engine = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    var router = Router.router(engine);
    // told after those that are added later
    router
        .route()
        .handler(
            context -> {
              context.addEndHandler(end -> ended.incrementAndGet());
              context.next();
            });
    router.route().handler(bodies.upTo(600));
    router.route().handler(context -> context.response().end("whole"));
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
  void close() {
    engine.close().toCompletionStage().toCompletableFuture().join();
  }

  private Socket post(String size, String begun) throws IOException {
    var socket = new Socket("127.0.0.1", port);
    socket.setSoTimeout(60_000);
    write(socket, "POST / HTTP/1.1\r\nHost: x\r\n" + size + "\r\n\r\n" + begun);
    return socket;
  }

  private static void write(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String status(Socket socket) throws IOException {
    return new String(socket.getInputStream().readNBytes(12), StandardCharsets.UTF_8).substring(9);
  }

  @Test
  void aBodyBeyondTheLimitIsRefusedByItsHead() throws IOException {
    try (var tooLarge = post("Content-Length: 601", "");
        var odd = post("Content-Length: 600", "x".repeat(600))) {
      assertThat(status(tooLarge)).isEqualTo("413");
      assertThat(status(odd)).isEqualTo("200");
    }
  }

  /** Enough that the caller gets to read the answer, but not all of what it announces. */
  @Test
  void ofWhatIsRefusedALittleIsReadAndThenTheConnectionEnds() throws IOException {
    assertThat(afterRefused(900_000)).contains("200 OK", "whole");
    assertThat(afterRefused(4 << 20)).doesNotContain("whole");
  }

  /** What a connection answers to a second request once the first was refused by its head. */
  private String afterRefused(int length) throws IOException {
    try (var socket = post("Content-Length: " + length, "")) {
      assertThat(status(socket)).isEqualTo("413");
      write(socket, "x".repeat(length));
      write(socket, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n");
      write(socket, "Connection: close\r\n\r\nx");
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (SocketException e) {
      return "ended: " + e.getMessage();
    }
  }

  @Test
  void allThatAreOnTheirWayAreBoundedTogether() throws IOException {
    try (var first = post("Content-Length: 600", "half")) {
      await().until(() -> bodies.taken() == 600);
      try (var second = post("Content-Length: 600", "x".repeat(600));
          var unsaid = post("Transfer-Encoding: chunked", "0\r\n\r\n");
          var small = post("Content-Length: 300", "x".repeat(300));
          var none = post("Content-Length: 0", "")) {
        assertThat(status(second)).isEqualTo("503");
        assertThat(status(unsaid)).isEqualTo("503");
        assertThat(status(small)).isEqualTo("200");
        assertThat(status(none)).isEqualTo("200");
      }
      write(first, "x".repeat(596));
      assertThat(status(first)).isEqualTo("200");
      await().until(() -> ended.get() == 5);
      assertThat(bodies.taken()).isZero();
    }
  }

  @Test
  void whoHangsUpGivesItsShareBack() throws IOException {
    try (var first = post("Content-Length: 600", "half")) {
      await().until(() -> bodies.taken() == 600);
      first.setSoLinger(true, 0);
    }
    await().until(() -> ended.get() == 1);
    assertThat(bodies.taken()).isZero();
  }
}
