package io.klingdrop.sandbox;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.impl.DefaultCamelContext;
import org.jspecify.annotations.Nullable;

/**
 * A provider on loopback that speaks kie.ai's dialect over real HTTP and makes real videos. It
 * plays the remote party: its Camel context and its files are its own. Thread-safe.
 */
public final class SandboxProvider implements AutoCloseable {
  private static final Pattern RANGE = Pattern.compile("bytes=(\\d{1,15})-");
  private static final int HOLD_SECONDS = 60;

  private final HttpServer server;
  private final ExecutorService workers;
  private final DefaultCamelContext camel;
  private final ProducerTemplate routes;

  private SandboxProvider(HttpServer server, ExecutorService workers, DefaultCamelContext camel) {
    this.server = server;
    this.workers = workers;
    this.camel = camel;
    this.routes = camel.createProducerTemplate();
  }

  /**
   * Starts a provider.
   *
   * @param folder where it keeps uploads and videos; made if missing
   * @param port 0 for any free one
   * @throws IOException if the port is taken
   */
  public static SandboxProvider start(Path folder, int port) throws IOException {
    Files.createDirectories(folder);
    var server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    var workers =
        Executors.newCachedThreadPool(
            work -> {
              var thread = new Thread(work, "sandbox");
              thread.setDaemon(true);
              return thread;
            });
    server.setExecutor(workers);
    var camel = new DefaultCamelContext();
    camel.getCamelContextExtension().setName("sandbox");
    camel.disableJMX();
    var provider = new SandboxProvider(server, workers, camel);
    try {
      camel.addRoutes(new SandboxRoutes(new SandboxDesk(folder, provider.baseUrl())));
      camel.start();
    } catch (Exception e) {
      throw new IOException("the sandbox does not start", e);
    }
    server.createContext("/", provider::handle);
    server.start();
    return provider;
  }

  /** Where it listens, without a slash at the end. */
  public URI baseUrl() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  private void handle(HttpExchange call) throws IOException {
    try (call) {
      var answer =
          routes.request(
              "direct:sandbox-answer-call",
              exchange -> {
                var message = exchange.getMessage();
                message.setHeader("method", call.getRequestMethod());
                message.setHeader("path", call.getRequestURI().getPath());
                message.setHeader("argument", argument(call.getRequestURI().getRawQuery()));
                message.setHeader("key", header(call, "Authorization"));
                message.setHeader("type", header(call, "Content-Type"));
                message.setBody(call.getRequestBody());
              });
      if (answer.getException() != null
          || !(answer.getMessage().getBody() instanceof Reply reply)) {
        call.sendResponseHeaders(500, -1);
        return;
      }
      send(call, reply);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void send(HttpExchange call, Reply reply)
      throws IOException, InterruptedException {
    if (reply.status() == 0) {
      Thread.sleep(HOLD_SECONDS * 1000L);
      return;
    }
    call.getResponseHeaders().set("Content-Type", reply.contentType());
    if (reply.file() != null) {
      sendFile(call, reply.file());
      return;
    }
    var body = reply.body().getBytes(StandardCharsets.UTF_8);
    call.sendResponseHeaders(reply.status(), body.length == 0 ? -1 : body.length);
    call.getResponseBody().write(body);
  }

  private static void sendFile(HttpExchange call, Path file) throws IOException {
    var size = Files.size(file);
    var range = RANGE.matcher(String.valueOf(header(call, "Range")));
    var from = range.matches() ? start(range, size) : 0;
    if (from > 0) {
      call.getResponseHeaders()
          .set("Content-Range", "bytes %d-%d/%d".formatted(from, size - 1, size));
    }
    call.getResponseHeaders().set("Accept-Ranges", "bytes");
    call.sendResponseHeaders(from > 0 ? 206 : 200, size == from ? -1 : size - from);
    try (var in = FileChannel.open(file)) {
      in.position(from);
      Channels.newInputStream(in).transferTo(call.getResponseBody());
    }
  }

  private static long start(Matcher range, long size) {
    var from = Long.parseLong(range.group(1));
    return from < size ? from : 0;
  }

  private static @Nullable String header(HttpExchange call, String name) {
    return call.getRequestHeaders().getFirst(name);
  }

  /** The value of the query's only parameter. */
  private static @Nullable String argument(@Nullable String query) {
    return query == null
        ? null
        : URLDecoder.decode(query.substring(query.indexOf('=') + 1), StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    server.stop(0);
    workers.shutdownNow();
    camel.stop();
  }
}
