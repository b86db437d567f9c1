package io.klingdrop.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.klingdrop.sandbox.task.ResultName;
import io.klingdrop.time.Time;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One request a client made. The body is read only when somebody asks for it, by the thread that
 * serves the call; everything else may be read by any thread.
 */
public final class Call {

  private final String method;
  private final URI target;
  private final Map<String, String> headers;
  private final Map<String, String> query;
  private final RequestBody body;
  private final Instant at;
  private final long nanos;
  private @Nullable JsonNode json;

  private Call(
      String method,
      URI target,
      Map<String, String> headers,
      RequestBody body,
      Instant at,
      long nanos) {
    this.at = at;
    this.nanos = nanos;
    this.method = method;
    this.target = target;
    this.headers = headers;
    this.query = parseQuery(target.getRawQuery());
    this.body = body;
  }

  /** Reads the next request's head, or empty when the client has no further request. */
  static Optional<Call> readFrom(Wire wire, Time time) throws IOException {
    Optional<String> first = wire.line();
    if (first.isEmpty()) {
      return Optional.empty();
    }
    String[] words = first.get().split(" ", 3);
    if (words.length < 3) {
      throw new IOException("not a request line: " + first.get());
    }
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    for (String line = wire.requireLine(); !line.isEmpty(); line = wire.requireLine()) {
      int colon = line.indexOf(':');
      if (colon < 1) {
        throw new IOException("not a header: " + line);
      }
      headers.put(line.substring(0, colon), line.substring(colon + 1).strip());
    }
    return Optional.of(
        new Call(
            words[0],
            target(words[1]),
            headers,
            body(wire, headers),
            time.instant(),
            time.nanos()));
  }

  /** Matches calls for a new task whose prompt contains the text. */
  public static Predicate<Call> promptContains(String text) {
    return call ->
        call.json().at("/input/prompt").asText().contains(text)
            || call.json().path("prompt").asText().contains(text);
  }

  /** Matches createTask calls whose model id contains the text. */
  public static Predicate<Call> modelContains(String text) {
    return call -> call.json().path("model").asText().contains(text);
  }

  /** Matches polls of this task and downloads of its results. */
  public static Predicate<Call> forTask(String taskId) {
    return call -> call.taskId().filter(taskId::equals).isPresent();
  }

  public String method() {
    return method;
  }

  public Endpoint endpoint() {
    return Endpoint.of(method, path());
  }

  /** The path with its percent signs resolved. */
  public String path() {
    return Optional.ofNullable(target.getPath()).orElse("");
  }

  /** The path as it was sent. */
  String rawPath() {
    return Optional.ofNullable(target.getRawPath()).orElse("");
  }

  public Optional<String> query(String name) {
    return Optional.ofNullable(query.get(name));
  }

  /** The header's value; the case of the name does not matter, of several equal ones the last. */
  public Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name));
  }

  /** All headers by name, whose case does not matter; of several equal ones the last. */
  Map<String, String> headers() {
    return Collections.unmodifiableMap(headers);
  }

  /** The task a poll or a result download is about. */
  public Optional<String> taskId() {
    return switch (endpoint()) {
      case RECORD_INFO -> query("taskId");
      case RESULT -> ResultName.parse(path()).map(ResultName::taskId);
      default -> Optional.empty();
    };
  }

  /** The same call as if that header had not been sent. */
  Call without(String header) {
    Map<String, String> fewer = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    fewer.putAll(headers);
    fewer.remove(header);
    return new Call(method, target, fewer, body, at, nanos);
  }

  /** The JSON body; missing when the call has none or when it cannot be read as JSON. */
  public JsonNode json() {
    if (json == null) {
      json = header("Content-Type").orElse("").contains("json") ? parseBody() : missing();
    }
    return json;
  }

  public Instant at() {
    return at;
  }

  long nanos() {
    return nanos;
  }

  RequestBody body() {
    return body;
  }

  boolean wantsClose() {
    return header("Connection").orElse("").toLowerCase(Locale.ROOT).contains("close");
  }

  private JsonNode parseBody() {
    try {
      return Envelopes.read(body.readAllBytes()).orElseGet(Call::missing);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static JsonNode missing() {
    return MissingNode.getInstance();
  }

  private static URI target(String text) throws IOException {
    try {
      return URI.create(text);
    } catch (IllegalArgumentException e) {
      throw new IOException("not a request target: " + text, e);
    }
  }

  private static RequestBody body(Wire wire, Map<String, String> headers) throws IOException {
    boolean asks = headers.getOrDefault("Expect", "").equalsIgnoreCase("100-continue");
    if (headers.getOrDefault("Transfer-Encoding", "").equalsIgnoreCase("chunked")) {
      return RequestBody.chunked(wire, asks);
    }
    String length = headers.getOrDefault("Content-Length", "0");
    try {
      return RequestBody.sized(wire, Long.parseLong(length), asks && !length.equals("0"));
    } catch (NumberFormatException e) {
      throw new IOException("not a length: " + length, e);
    }
  }

  private static Map<String, String> parseQuery(@Nullable String raw) {
    Map<String, String> query = new HashMap<>();
    for (String pair : raw == null ? new String[0] : raw.split("&")) {
      int equals = pair.indexOf('=');
      String name = equals < 0 ? pair : pair.substring(0, equals);
      query.put(decode(name), equals < 0 ? "" : decode(pair.substring(equals + 1)));
    }
    return query;
  }

  private static String decode(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }
}
