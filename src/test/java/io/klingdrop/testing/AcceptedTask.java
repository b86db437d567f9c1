package io.klingdrop.testing;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * One task that was accepted, and so paid for, whether or not the client ever heard of it.
 *
 * @param taskId as the client was told it
 * @param model as requested
 * @param request the whole body of the createTask call
 * @param media SHA-256 of each file the request brings: at kie.ai each upload and each signed
 *     address it refers to, by the pointer of its place below {@code input} ({@code /image_url},
 *     {@code /image_urls/0})
 * @param at when it was accepted
 */
public record AcceptedTask(
    String taskId, String model, JsonNode request, Map<String, String> media, Instant at) {

  public String prompt() {
    return request.at("/input/prompt").asText();
  }

  /** Where the client wants to be called back, if it said so. */
  public Optional<String> callBackUrl() {
    return Optional.ofNullable(request.get("callBackUrl")).map(JsonNode::asText);
  }
}
