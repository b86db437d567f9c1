package io.klingdrop.provider;

import com.fasterxml.jackson.databind.JsonNode;
import io.klingdrop.wire.NotSentException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.NoHttpResponseException;
import org.jspecify.annotations.Nullable;

/**
 * What came back from one call, before any dialect has read it.
 *
 * @param status 0 if no answer arrived
 * @param body the answer if it is a JSON object, else null
 * @param retryAfter how long the server asked us to wait, an hour at most; null if it did not
 * @param trouble what went wrong on the way, null if an answer arrived
 * @param sent false if the request surely never reached the provider
 */
public record HttpAnswer(
    int status,
    @Nullable JsonNode body,
    @Nullable Duration retryAfter,
    @Nullable String trouble,
    boolean sent) {

  /** Looking once an hour harms nobody, and an account is not closed for years by one header. */
  private static final Duration LONGEST_WAIT = Duration.ofHours(1);

  /** The answer a finished exchange holds. */
  public static HttpAnswer of(Exchange exchange, InstantSource clock) {
    var exception = exchange.getException();
    if (exception != null) {
      var notSent = notSent(exception);
      Throwable told =
          notSent.<Throwable>map(e -> e.getCause() == null ? e : e.getCause()).orElse(exception);
      return new HttpAnswer(0, null, null, describe(told), notSent.isEmpty());
    }
    var message = exchange.getMessage();
    var status = message.getHeader(Exchange.HTTP_RESPONSE_CODE, 0, Integer.class);
    var retryAfter = retryAfter(message.getHeader("Retry-After", String.class), clock.instant());
    var body = message.getBody() instanceof JsonNode json && json.isObject() ? json : null;
    return new HttpAnswer(status, body, retryAfter, null, true);
  }

  /**
   * One sentence for an answer that is not of the documented form.
   *
   * @param baseUrlKey the setting to look at when the address seems wrong
   */
  public String bare(String baseUrlKey) {
    var hint =
        status / 100 == 3 || status == 404 || status == 405 || status == 200
            ? "; is " + baseUrlKey + " right?"
            : "";
    return "HTTP " + status + " without an answer of the documented form" + hint;
  }

  private static Optional<NotSentException> notSent(@Nullable Throwable exception) {
    for (var e = exception; e != null; e = e.getCause()) {
      if (e instanceof NotSentException notSent) {
        return Optional.of(notSent);
      }
    }
    return Optional.empty();
  }

  /** What went wrong, in words that need no knowledge of our libraries where there are any. */
  private static String describe(Throwable exception) {
    var message = exception.getMessage();
    if (exception instanceof NoHttpResponseException
        || exception instanceof ConnectionClosedException) {
      return "the provider hung up without an answer";
    }
    if (exception instanceof ConnectTimeoutException) {
      return "no connection in time (" + message + ")";
    }
    if (exception instanceof SocketTimeoutException) {
      return "no answer in time (" + message + ")";
    }
    if (exception instanceof UnknownHostException) {
      return "there is no such address (" + message + ")";
    }
    if (exception instanceof ConnectException) {
      return "no connection (" + message + ")";
    }
    if (exception instanceof SocketException) {
      return "the connection broke (" + message + ")";
    }
    return exception.getClass().getSimpleName() + (message == null ? "" : ": " + message);
  }

  private static Duration atMost(Duration wait) {
    return wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait;
  }

  private static @Nullable Duration retryAfter(@Nullable String header, Instant now) {
    if (header == null) {
      return null;
    }
    if (header.strip().matches("\\d{1,6}")) {
      return atMost(Duration.ofSeconds(Long.parseLong(header.strip())));
    }
    try {
      var at = ZonedDateTime.parse(header.strip(), DateTimeFormatter.RFC_1123_DATE_TIME);
      var wait = Duration.between(now, at.toInstant());
      return wait.isNegative() ? null : atMost(wait);
    } catch (DateTimeException e) {
      return null;
    }
  }
}
