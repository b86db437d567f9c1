package io.klingdrop.sandbox.task;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import io.klingdrop.sandbox.task.Envelope.Refusal;
import io.klingdrop.sandbox.task.SandboxScript.Oddity;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import org.apache.camel.Exchange;
import org.apache.camel.component.platform.http.vertx.HttpMessage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What all endpoints do with a request and an answer. */
public final class Http {

  private static final Logger LOG = LoggerFactory.getLogger(Http.class);

  /** Exchange property: the {@link Oddity} with which a new task is answered, if any. */
  public static final String ODDITY = "KlingdropSandboxOddity";

  private static final String HTML_PAGE =
      "<!DOCTYPE html><html><head><title>Just a moment</title></head>"
          + "<body><h1>We will be right back</h1></body></html>";

  private Http() {}

  /** The endpoint that takes a POST to this path. */
  public static String post(String path) {
    return "platform-http:" + path + "?httpMethodRestrict=POST";
  }

  /** The endpoint that takes a GET of this path. */
  public static String get(String path) {
    return "platform-http:" + path + "?httpMethodRestrict=GET";
  }

  /** Leaves word for the route if the new task's prompt asks for an odd answer. */
  public static void noteOddity(Exchange exchange, SandboxTask task) {
    if (task.script().asksFor(Oddity.HANG)) {
      exchange.setProperty(ODDITY, Oddity.HANG);
    } else if (task.script().asksFor(Oddity.DROP)) {
      exchange.setProperty(ODDITY, Oddity.DROP);
    }
  }

  /** Answers a question about the task with an HTML page, if its prompt asks for that. */
  public static boolean answersHtml(Exchange exchange, SandboxTask task) {
    var status = task.htmlStatus();
    status.ifPresent(s -> answer(exchange, s, "text/html", HTML_PAGE.getBytes(UTF_8)));
    return status.isPresent();
  }

  /** Refuses a request without a key; any key will do. */
  public static void requireKey(Exchange exchange) {
    if (!bringsKey(exchange)) {
      throw new Refusal(401, Envelope.UNAUTHORIZED);
    }
  }

  /** Whether a request has a bearer key that is not blank. */
  public static boolean bringsKey(Exchange exchange) {
    var header = exchange.getMessage().getHeader("Authorization", "", String.class);
    return header.startsWith("Bearer ") && !header.substring("Bearer ".length()).isBlank();
  }

  /** The JSON object in the body, or a refusal with this code. */
  public static JsonNode body(Exchange exchange, int codeIfUnreadable) {
    try {
      var bytes = exchange.getMessage().getBody(byte[].class);
      var json = bytes == null ? null : Envelope.JSON.readTree(bytes);
      if (json != null && json.isObject()) {
        return json;
      }
    } catch (IOException e) {
      LOG.debug("A request body is not JSON", e);
    }
    throw new Refusal(codeIfUnreadable, "The request body is not valid JSON");
  }

  public static String path(Exchange exchange) {
    return exchange.getMessage().getHeader(Exchange.HTTP_PATH, "", String.class);
  }

  public static HttpServerRequest request(Exchange exchange) {
    return exchange.getIn(HttpMessage.class).getRequest();
  }

  /** The refusal that ended the route. */
  public static Refusal caught(Exchange exchange) {
    return exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Refusal.class);
  }

  public static void json(Exchange exchange, byte[] body) {
    answer(exchange, 200, "application/json;charset=UTF-8", body);
  }

  public static void answer(Exchange exchange, int status, String mediaType, byte[] body) {
    var message = exchange.getMessage();
    message.removeHeaders("*");
    message.setHeader(Exchange.HTTP_RESPONSE_CODE, status);
    message.setHeader(Exchange.CONTENT_TYPE, mediaType);
    message.setBody(body);
  }
}
