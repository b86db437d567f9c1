package io.klingdrop.http;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.model.rest.RestDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A REST service for each part of the port, with one route for each of its paths. */
final class HttpRoutes extends RouteBuilder {
  private static final Logger LOG = LoggerFactory.getLogger(HttpRoutes.class);

  private static final Map<String, String> PARTS =
      Map.of(
          OpsPaths.API,
          "The operator's API",
          "/observe",
          "Health and metrics",
          "/callback",
          "Where providers say that something happened to a task");

  private final List<Endpoint> endpoints;

  HttpRoutes(List<Endpoint> endpoints) {
    this.endpoints = endpoints;
  }

  @Override
  public void configure() {
    restConfiguration().component("platform-http").inlineRoutes(true);
    onException(Exception.class).handled(true).process(HttpRoutes::broken);
    for (var part : PARTS.entrySet()) {
      var rest = rest(part.getKey()).description(part.getValue());
      for (var endpoint : endpoints) {
        if (endpoint.path().startsWith(part.getKey() + "/") && !endpoint.id().isEmpty()) {
          add(rest, endpoint, endpoint.path().substring(part.getKey().length()));
        }
      }
    }
  }

  /** The service, and the route that Camel puts in its place. */
  private void add(RestDefinition rest, Endpoint endpoint, String path) {
    var service = endpoint.method().equals("POST") ? rest.post(path) : rest.get(path);
    service.description(endpoint.summary()).to("direct:" + endpoint.id());
    from("direct:" + endpoint.id())
        .routeId(endpoint.id())
        .description(endpoint.summary())
        .process(exchange -> serve(endpoint, exchange))
        .id(endpoint.id() + "-answer");
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
      return e.answer();
    }
  }

  private static void broken(Exchange exchange) {
    var cause = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class);
    LOG.error("{} failed: {}", exchange.getFromRouteId(), cause.toString());
    LOG.debug("cause", cause);
    write(
        exchange,
        Answer.error(500, "internal", "klingdrop could not answer that; its log says why"));
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
