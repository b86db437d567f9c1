package io.klingdrop.testing;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * One request that became a task, and so was paid for, whether or not the client ever heard of it.
 *
 * @param taskId as the client was told it: 18 digits, or {@code task_} and 32 letters at a relay
 *     that hides Kling's own
 * @param klingId 18 digits
 * @param endpoint where it was created
 * @param account the bearer key that pays, or the access key of a signed token
 * @param request the whole body
 * @param media the files that came in Base64, decoded, by field: {@code image}, {@code sound_file}
 * @param headers of the request; the case of their names does not matter
 * @param at when it was accepted
 */
public record KlingTask(
    String taskId,
    String klingId,
    KlingEndpoint endpoint,
    String account,
    JsonNode request,
    Map<String, byte[]> media,
    Map<String, String> headers,
    Instant at) {

  public String prompt() {
    return request.path("prompt").asText("");
  }

  /** Where the client asked to be called back at, if it did. */
  public Optional<String> callbackUrl() {
    return Optional.of(request.path("callback_url").asText("")).filter(url -> !url.isBlank());
  }

  /** The client's own id for the task, if it gave one. */
  public Optional<String> externalTaskId() {
    return Optional.of(request.path("external_task_id").asText("")).filter(id -> !id.isBlank());
  }
}
