package io.klingdrop.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** An HTTP server that notes what is posted to it and answers with a status of the test's wish. */
public final class Listener implements AutoCloseable {
  private final HttpServer server;
  private final List<Post> posts = new CopyOnWriteArrayList<>();
  private final List<Post> refused = new CopyOnWriteArrayList<>();
  private volatile int status = 204;

  /** One request. */
  public record Post(String path, Headers headers, String body) {
    public JsonNode json() {
      try {
        return new ObjectMapper().readTree(body);
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }
  }

  private Listener(HttpServer server) {
    this.server = server;
  }

  public static Listener start() throws IOException {
    return start(0);
  }

  public static Listener start(int port) throws IOException {
    var server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    var listener = new Listener(server);
    server.createContext("/", listener::handle);
    server.start();
    return listener;
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      var answer = status;
      var body =
          new String(
              exchange.getRequestBody().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
      var post = new Post(exchange.getRequestURI().toString(), exchange.getRequestHeaders(), body);
      (answer / 100 == 2 ? posts : refused).add(post);
      exchange.sendResponseHeaders(answer, -1);
    }
  }

  public Listener answer(int status) {
    this.status = status;
    return this;
  }

  /** What it answered with a 2xx status, oldest first. */
  public List<Post> posts() {
    return List.copyOf(posts);
  }

  public List<Post> refused() {
    return List.copyOf(refused);
  }

  public int port() {
    return server.getAddress().getPort();
  }

  public String url(String path) {
    return "http://127.0.0.1:" + port() + path;
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
