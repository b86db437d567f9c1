package io.klingdrop.provider;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A callback as it came.
 *
 * @param headers by name; looked up in any case
 * @param body UTF-8, byte for byte what was signed
 */
public record Callback(Map<String, String> headers, String body) {

  public Callback {
    var inAnyCase = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
    inAnyCase.putAll(headers);
    headers = inAnyCase;
  }

  /** The header of that name, empty if it was not sent. */
  public String header(String name) {
    return headers.getOrDefault(name, "");
  }

  /** The body if it is a JSON object, else null. */
  public @Nullable JsonNode json() {
    var json = HttpAnswer.json(body);
    return json.isObject() ? json : null;
  }
}
