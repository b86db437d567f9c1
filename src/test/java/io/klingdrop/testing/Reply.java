package io.klingdrop.testing;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An answer as it ought to go out, before a behaviour lays hands on it.
 *
 * @param status the HTTP status
 * @param headers in the order they are sent; the length is added when it goes out
 * @param body what follows the head
 */
public record Reply(int status, Map<String, String> headers, Body body) {

  /** HTTP 200 and JSON, with the content type the real API sends. */
  public static Reply json(JsonNode body) {
    return of(200, "application/json;charset=UTF-8", Body.of(body.toString()));
  }

  public static Reply of(int status, String contentType, Body body) {
    return new Reply(status, Map.of("Content-Type", contentType), body);
  }

  public static Reply empty(int status) {
    return new Reply(status, Map.of(), Body.of(""));
  }

  public Reply with(String header, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(header, value);
    return new Reply(status, more, body);
  }

  public Reply with(Body other) {
    return new Reply(status, headers, other);
  }
}
