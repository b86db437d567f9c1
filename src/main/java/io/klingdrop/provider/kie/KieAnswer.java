package io.klingdrop.provider.kie;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import javax.net.ssl.SSLHandshakeException;
import org.apache.camel.Exchange;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.core5.http.ConnectionRequestTimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * One answer of the wire, taken apart: envelope {@code {code, msg, data}} with HTTP 200 also for
 * failures (docs.kie.ai model pages, 2026; the upload host adds {@code success}).
 *
 * @param httpStatus 0 if no answer arrived
 * @param code the envelope's code as text, null if there is no envelope
 * @param data the envelope's data, missing if there is none
 * @param trouble what went wrong on the way, null if an answer arrived
 * @param sent false if the request surely never reached the provider
 */
record KieAnswer(
    int httpStatus,
    @Nullable String code,
    String message,
    JsonNode data,
    @Nullable Duration retryAfter,
    @Nullable String trouble,
    boolean sent) {

  /** The answer a finished exchange holds. */
  static KieAnswer of(Exchange exchange, InstantSource clock) {
    var exception = exchange.getException();
    if (exception != null) {
      return new KieAnswer(
          0, null, "", MissingNode.getInstance(), null, describe(exception), !neverSent(exception));
    }
    var message = exchange.getMessage();
    var status = message.getHeader(Exchange.HTTP_RESPONSE_CODE, 0, Integer.class);
    var retryAfter = retryAfter(message.getHeader("Retry-After", String.class), clock.instant());
    if (!(message.getBody() instanceof JsonNode envelope)
        || !envelope.isObject()
        || !envelope.path("code").isValueNode()
        || envelope.path("code").isNull()) {
      return new KieAnswer(
          status, null, bare(status), MissingNode.getInstance(), retryAfter, null, true);
    }
    var said = envelope.path("msg").isTextual() ? envelope.path("msg") : envelope.path("message");
    return new KieAnswer(
        status,
        envelope.path("code").asText(),
        said.asText(""),
        envelope.path("data"),
        retryAfter,
        null,
        true);
  }

  /** Success means 2xx, code 200 and, for the caller to judge, the field present. */
  boolean ok() {
    return httpStatus / 100 == 2 && "200".equals(code);
  }

  private static String bare(int status) {
    var hint =
        status / 100 == 3 || status == 404 || status == 200
            ? "; is klingdrop.provider.kie.base-url right?"
            : "";
    return "HTTP " + status + " without an answer of the documented form" + hint;
  }

  private static boolean neverSent(@Nullable Throwable exception) {
    for (var e = exception; e != null; e = e.getCause()) {
      if (e instanceof ConnectException
          || e instanceof ConnectTimeoutException
          || e instanceof UnknownHostException
          || e instanceof NoRouteToHostException
          || e instanceof SSLHandshakeException
          || e instanceof ConnectionRequestTimeoutException) {
        return true;
      }
    }
    return false;
  }

  private static String describe(Throwable exception) {
    var message = exception.getMessage();
    return exception.getClass().getSimpleName() + (message == null ? "" : ": " + message);
  }

  private static @Nullable Duration retryAfter(@Nullable String header, Instant now) {
    if (header == null) {
      return null;
    }
    if (header.strip().matches("\\d{1,6}")) {
      return Duration.ofSeconds(Long.parseLong(header.strip()));
    }
    try {
      var at = ZonedDateTime.parse(header.strip(), DateTimeFormatter.RFC_1123_DATE_TIME);
      var wait = Duration.between(now, at.toInstant());
      return wait.isNegative() ? null : wait;
    } catch (DateTimeException e) {
      return null;
    }
  }
}
