package io.klingdrop.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.component.platform.http.vertx.HttpMessage;

/** One request, read from the connection itself: what Camel made of its headers is never asked. */
record Request(HttpServerRequest wire, Buffer body) {

  static Request of(Exchange exchange) {
    var message = exchange.getIn(HttpMessage.class);
    var body = message.getBody(byte[].class);
    return new Request(message.getRequest(), body == null ? Buffer.buffer() : Buffer.buffer(body));
  }

  /** A header that is there and not blank. */
  Optional<String> header(String name) {
    return Optional.ofNullable(wire.getHeader(name)).filter(text -> !text.isBlank());
  }

  /** A part of the path, or a word of the query, that is there and not blank. */
  Optional<String> parameter(String name) {
    return Optional.ofNullable(wire.getParam(name)).filter(text -> !text.isBlank());
  }

  /** A part of the path. */
  String part(String name) {
    return parameter(name).orElse("");
  }
}
