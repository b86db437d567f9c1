package io.klingdrop.sandbox.task;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.component.platform.http.vertx.HttpMessage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Between Camel's exchanges and the endpoints, which know nothing of them. */
public final class Http {
  /** An endpoint of a dialect. */
  public interface Handler {
    /** Answers a call; refusals are answers too. */
    SandboxAnswer answer(SandboxRequest request) throws IOException;
  }

  /** Exchange property: whether the caller is to wait for an answer that does not come. */
  public static final String NEVER = "KlingdropSandboxNever";

  private static final Logger LOG = LoggerFactory.getLogger(Http.class);

  private Http() {}

  /** The address of a route that takes a POST to this path. */
  public static String post(String path) {
    return "platform-http:" + path + "?httpMethodRestrict=POST";
  }

  /** The address of a route that takes a GET of this path. */
  public static String get(String path) {
    return "platform-http:" + path + "?httpMethodRestrict=GET";
  }

  /** Lets an endpoint answer, unless the door turns the call away. */
  public static Processor serve(
      Function<SandboxRequest, Optional<SandboxAnswer>> door, Handler endpoint) {
    return exchange -> {
      var request = new ExchangeRequest(exchange);
      var refusal = door.apply(request);
      answer(exchange, refusal.isPresent() ? refusal.get() : endpoint.answer(request));
    };
  }

  /** Lets an endpoint answer whoever comes. */
  public static Processor serve(Handler endpoint) {
    return serve(anybody -> Optional.empty(), endpoint);
  }

  /** Sends an answer, files straight from the disk; or notes that there will be none. */
  public static void answer(Exchange exchange, SandboxAnswer answer) throws IOException {
    if (!answer.comes()) {
      exchange.setProperty(NEVER, true);
    } else if (answer.content().file().isPresent()) {
      send(request(exchange), answer, answer.content().file().get());
    } else {
      var message = exchange.getMessage();
      message.removeHeaders("*");
      answer.headers().forEach(message::setHeader);
      message.setHeader(Exchange.HTTP_RESPONSE_CODE, answer.status());
      try (var in = answer.content().open()) {
        message.setBody(in.readAllBytes());
      }
    }
  }

  public static HttpServerRequest request(Exchange exchange) {
    return exchange.getIn(HttpMessage.class).getRequest();
  }

  private static void send(HttpServerRequest request, SandboxAnswer answer, Path file) {
    var response = request.response().setStatusCode(answer.status());
    answer.headers().forEach(response::putHeader);
    response
        .sendFile(file.toString(), answer.content().from(), answer.content().length())
        .toCompletionStage()
        .toCompletableFuture()
        .join();
  }

  /** A call that came through a route; Camel mixes headers and query parameters. */
  private record ExchangeRequest(Exchange exchange) implements SandboxRequest {
    @Override
    public String header(String name) {
      return exchange.getMessage().getHeader(name, "", String.class);
    }

    @Override
    public String query(String name) {
      return header(name);
    }

    @Override
    public String path() {
      return header(Exchange.HTTP_PATH);
    }

    @Override
    public JsonNode json() {
      try {
        var bytes = exchange.getMessage().getBody(byte[].class);
        return bytes == null ? MissingNode.getInstance() : Envelope.JSON.readTree(bytes);
      } catch (IOException e) {
        LOG.debug("A request body is not JSON", e);
        return MissingNode.getInstance();
      }
    }
  }
}
