package io.klingdrop.provider;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
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
import java.util.List;
import java.util.Map;
import java.util.Set;
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

  private static final ObjectMapper JSON = new ObjectMapper();

  /** In words that need no knowledge of our libraries; the first that fits counts. */
  private static final List<Map.Entry<Class<?>, String>> TROUBLES =
      List.of(
          Map.entry(NoHttpResponseException.class, "the provider hung up without an answer"),
          Map.entry(ConnectionClosedException.class, "the provider hung up without an answer"),
          Map.entry(ConnectTimeoutException.class, "no connection in time (%s)"),
          Map.entry(SocketTimeoutException.class, "no answer in time (%s)"),
          Map.entry(UnknownHostException.class, "there is no such address (%s)"),
          Map.entry(ConnectException.class, "no connection (%s)"),
          Map.entry(SocketException.class, "the connection broke (%s)"));

  /** Looking once an hour harms nobody, and an account is not closed for years by one header. */
  private static final Duration LONGEST_WAIT = Duration.ofHours(1);

  /** The answer a finished exchange holds. */
  public static HttpAnswer of(Exchange exchange, InstantSource clock) {
    if (exchange.getException() != null) {
      return broken(exchange.getException());
    }
    var message = exchange.getMessage();
    var status = message.getHeader(Exchange.HTTP_RESPONSE_CODE, 0, Integer.class);
    var retryAfter = retryAfter(message.getHeader("Retry-After", String.class), clock.instant());
    var body = message.getBody() instanceof JsonNode json && json.isObject() ? json : null;
    return new HttpAnswer(status, body, retryAfter, null, true);
  }

  /** One sentence for an undocumented answer; the key is the setting to look at. */
  public String bare(String baseUrlKey) {
    var astray = status / 100 == 3 || Set.of(200, 404, 405).contains(status);
    var hint = astray ? "; is " + baseUrlKey + " right?" : "";
    return "HTTP " + status + " without an answer of the documented form" + hint;
  }

  private static HttpAnswer broken(Throwable exception) {
    for (var e = exception; e != null; e = e.getCause()) {
      if (e instanceof NotSentException) {
        var cause = e.getCause() == null ? e : e.getCause();
        return new HttpAnswer(0, null, null, describe(cause), false);
      }
    }
    return new HttpAnswer(0, null, null, describe(exception), true);
  }

  private static String describe(Throwable exception) {
    var message = exception.getMessage();
    return TROUBLES.stream()
        .filter(trouble -> trouble.getKey().isInstance(exception))
        .map(trouble -> trouble.getValue().formatted(message))
        .findFirst()
        .orElse(exception.getClass().getSimpleName() + (message == null ? "" : ": " + message));
  }

  /** What a text holds; missing if it is no JSON. */
  public static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      return JSON.missingNode();
    }
  }

  private static @Nullable Duration retryAfter(@Nullable String header, Instant now) {
    var said = header == null ? "" : header.strip();
    try {
      var wait =
          said.matches("\\d{1,6}")
              ? Duration.ofSeconds(Long.parseLong(said))
              : Duration.between(
                  now, ZonedDateTime.parse(said, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant());
      if (wait.isNegative()) {
        return null;
      }
      return wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait;
    } catch (DateTimeException e) {
      return null;
    }
  }
}
