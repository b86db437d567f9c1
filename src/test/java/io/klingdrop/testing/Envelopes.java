package io.klingdrop.testing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.klingdrop.sandbox.task.Envelope;
import java.io.IOException;
import java.util.Optional;

/**
 * The provider's envelope {@code {code, msg, data}}, in the shapes recorded on the wire between
 * April and October 2026. HTTP says 200 whatever the code.
 */
final class Envelopes {

  static final String TOO_FREQUENT = "Your call frequency is too high. Please try again later.";
  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  private Envelopes() {}

  static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  /** A refusal with {@code data: null}, as most codes have it. */
  static ObjectNode refusal(int code, String msg) {
    return object().put("code", code).put("msg", msg).putNull("data");
  }

  /** The 401 body, which alone has no {@code data} at all. */
  static ObjectNode unauthorised() {
    return object().put("code", 401).put("msg", Envelope.UNAUTHORIZED);
  }

  /** The JSON in the bytes, or empty when they are not exactly one JSON value. */
  static Optional<JsonNode> read(byte[] bytes) throws IOException {
    try {
      return Optional.ofNullable(MAPPER.readTree(bytes)).filter(node -> !node.isMissingNode());
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }

  /** The JSON in the text. */
  static JsonNode parse(String text) {
    try {
      return MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not JSON: " + text, e);
    }
  }
}
