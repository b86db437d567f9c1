package io.klingdrop.http;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.platform.http.vertx.HttpMessage;
import org.apache.camel.model.rest.RestDefinition;

/** A REST service for each part of the port, with one route for each of its paths. */
final class HttpRoutes extends RouteBuilder {
  private static final Map<String, String> PARTS =
      Map.of(
          OpsPaths.API,
          "The operator's API",
          "/observe",
          "Health and metrics",
          "/callback",
          "Where providers say that something happened to a task");

  /** What the routes call the one that is told of requests they could not answer. */
  static final String FAULTS = "httpFaults";

  private final List<Endpoint> endpoints;
  private final List<Turns> turns;
  private final Faults faults;

  /** The routes of these endpoints; turns are told when the work on a request begins and ends. */
  HttpRoutes(List<Endpoint> endpoints, List<Turns> turns, Faults faults) {
    this.endpoints = endpoints;
    this.turns = turns;
    this.faults = faults;
  }

  @Override
  public void configure() {
    restConfiguration()
        .component("platform-http")
        .inlineRoutes(true)
        .endpointProperty("exceptionHandler", "#" + FAULTS);
    onException(Exception.class).handled(true).process(this::broken);
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

  private void serve(Endpoint endpoint, Exchange exchange) throws Exception {
    var wire = exchange.getIn(HttpMessage.class).getRequest();
    turns.forEach(turn -> turn.begun(wire));
    try {
      write(exchange, answer(endpoint, exchange));
    } finally {
      turns.forEach(turn -> turn.done(wire));
    }
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

  private void broken(Exchange exchange) {
    var cause = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class);
    faults.told(exchange.getFromRouteId() + " failed", cause);
    var said = "klingdrop could not answer that; its log says why";
    write(exchange, Answer.error(500, "internal", said));
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
