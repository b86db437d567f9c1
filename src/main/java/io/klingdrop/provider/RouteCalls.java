package io.klingdrop.provider;

import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.camel.ProducerTemplate;

/**
 * Sends a call through its route and takes what came back. The template is asked for at each call,
 * for Camel starts after this is made. Thread-safe.
 */
public record RouteCalls(Supplier<ProducerTemplate> wire, InstantSource clock) {
  /** Makes one call; never throws for what happens on the wire. */
  public HttpAnswer send(String route, Object body, Map<String, Object> headers) {
    var exchange =
        wire.get()
            .send(
                route,
                request -> {
                  request.getMessage().setBody(body);
                  request.getMessage().setHeaders(new HashMap<>(headers));
                });
    return HttpAnswer.of(exchange, clock);
  }
}
