package io.klingdrop.testing;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.klingdrop.provider.AnswerRoutes;
import java.io.ByteArrayInputStream;
import java.util.List;
import java.util.function.Supplier;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;

/**
 * Stands where a dialect's routes would: every call gets the status and the bytes that were laid
 * down last, read by the program's own end of each call. For one thread.
 */
public final class CannedWire implements Supplier<ProducerTemplate>, AutoCloseable {
  private final DefaultCamelContext camel = new DefaultCamelContext();
  private final ProducerTemplate template;
  private int status = 200;
  private byte[] body = {};
  private String retryAfter = "";

  /** Answers at these routes. */
  public CannedWire(ObjectMapper mapper, List<String> channels) {
    try {
      camel.addRoutes(new AnswerRoutes());
      camel.addRoutes(
          new RouteBuilder() {
            @Override
            public void configure() {
              errorHandler(noErrorHandler());
              for (var channel : channels) {
                from(channel).process(CannedWire.this::answer).to(AnswerRoutes.READ_ANSWER);
              }
            }
          });
      camel.start();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
    template = camel.createProducerTemplate();
  }

  /** What all calls are answered from now on. */
  public void lay(int newStatus, String newRetryAfter, byte[] newBody) {
    status = newStatus;
    retryAfter = newRetryAfter;
    body = newBody;
  }

  private void answer(Exchange exchange) {
    var message = exchange.getMessage();
    message.setHeader(Exchange.HTTP_RESPONSE_CODE, status);
    message.setHeader("Retry-After", retryAfter);
    message.setBody(new ByteArrayInputStream(body));
  }

  @Override
  public ProducerTemplate get() {
    return template;
  }

  @Override
  public void close() {
    camel.stop();
  }
}
