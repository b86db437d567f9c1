package io.klingdrop.provider;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;

/** The end of every call, whatever the dialect: the answer is read up to a bound and parsed. */
public final class AnswerRoutes extends RouteBuilder {
  /** The endpoint that a call's route ends with. */
  public static final String READ_ANSWER = "direct:provider-read-answer";

  /**
   * Options of an HTTP endpoint that judges nothing by itself; the name of the client follows. What
   * the server says, whatever its status, is the answer.
   */
  public static final String QUIET =
      "?throwExceptionOnFailure=false&copyHeaders=false&disableStreamCache=true&httpClient=#";

  /** No answer of the documents comes near this; a longer one is not read further. */
  private static final int MOST_BYTES = 1 << 20;

  @Override
  public void configure() {
    // what breaks on the wire is an answer too: it stays on the exchange for the caller to judge
    errorHandler(noErrorHandler());
    from(READ_ANSWER)
        .routeId("provider-read-answer")
        .description("Reads at most 1 MiB of the answer and parses it, null if it is not JSON")
        .streamCache("false")
        .process(AnswerRoutes::readBounded);
  }

  private static void readBounded(Exchange exchange) throws IOException {
    var message = exchange.getMessage();
    try (var in = message.getBody(InputStream.class)) {
      var bytes = in == null ? new byte[0] : in.readNBytes(MOST_BYTES);
      var json = HttpAnswer.json(new String(bytes, StandardCharsets.UTF_8));
      message.setBody(json.isMissingNode() ? null : json);
    }
  }
}
