package io.klingdrop.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import io.klingdrop.sandbox.Envelope.Refusal;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import org.apache.camel.Exchange;
import org.apache.camel.component.platform.http.vertx.HttpMessage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What all endpoints do with a request and an answer. */
final class Http {

  private static final Logger LOG = LoggerFactory.getLogger(Http.class);

  private Http() {}

  /** Refuses a request without a key; any key will do. */
  static void requireKey(Exchange exchange) {
    var header = exchange.getMessage().getHeader("Authorization", "", String.class);
    if (!header.startsWith("Bearer ") || header.substring("Bearer ".length()).isBlank()) {
      throw new Refusal(401, Envelope.UNAUTHORIZED);
    }
  }

  /** The JSON object in the body, or a refusal with this code. */
  static JsonNode body(Exchange exchange, int codeIfUnreadable) {
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

  static String path(Exchange exchange) {
    return exchange.getMessage().getHeader(Exchange.HTTP_PATH, "", String.class);
  }

  static HttpServerRequest request(Exchange exchange) {
    return exchange.getIn(HttpMessage.class).getRequest();
  }

  /** The refusal that ended the route. */
  static Refusal caught(Exchange exchange) {
    return exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Refusal.class);
  }

  static void json(Exchange exchange, byte[] body) {
    answer(exchange, 200, "application/json;charset=UTF-8", body);
  }

  static void answer(Exchange exchange, int status, String mediaType, byte[] body) {
    var message = exchange.getMessage();
    message.removeHeaders("*");
    message.setHeader(Exchange.HTTP_RESPONSE_CODE, status);
    message.setHeader(Exchange.CONTENT_TYPE, mediaType);
    message.setBody(body);
  }
}
