package io.klingdrop.http;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One route for each path of the port. */
final class HttpRoutes extends RouteBuilder {
  private static final Logger LOG = LoggerFactory.getLogger(HttpRoutes.class);

  private final List<Endpoint> endpoints;

  HttpRoutes(List<Endpoint> endpoints) {
    this.endpoints = endpoints;
  }

  @Override
  public void configure() {
    onException(Exception.class).handled(true).process(HttpRoutes::broken);
    for (var endpoint : endpoints.stream().filter(one -> !one.id().isEmpty()).toList()) {
      from("platform-http:" + endpoint.path() + "?httpMethodRestrict=" + endpoint.method())
          .routeId(endpoint.id())
          .description(endpoint.summary())
          .process(exchange -> serve(endpoint, exchange))
          .id(endpoint.id() + "-answer");
    }
  }

  private static void serve(Endpoint endpoint, Exchange exchange) throws Exception {
    write(exchange, answer(endpoint, exchange));
  }

  private static Answer answer(Endpoint endpoint, Exchange exchange) throws Exception {
    try {
      var request = Request.of(exchange);
      // whatever came with the request is not for Camel to act on
      exchange.getMessage().removeHeaders("*");
      return endpoint.work().answer(request);
    } catch (HttpFault e) {
      return Answer.error(e.status(), String.valueOf(e.getMessage()));
    }
  }

  private static void broken(Exchange exchange) {
    var cause = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class);
    LOG.error("{} failed: {}", exchange.getFromRouteId(), cause.toString());
    LOG.debug("cause", cause);
    write(exchange, Answer.error(500, "klingdrop could not answer that; its log says why"));
  }

  private static void write(Exchange exchange, Answer answer) {
    var message = exchange.getMessage();
    message.removeHeaders("*");
    if (answer.status() == 0) {
      message.setBody(null);
      return;
    }
    answer.headers().forEach(message::setHeader);
    message.setHeader(Exchange.HTTP_RESPONSE_CODE, answer.status());
    message.setHeader(Exchange.CONTENT_TYPE, answer.type());
    message.setBody(answer.body().getBytes(StandardCharsets.UTF_8));
  }
}
