package io.klingdrop.sandbox.task;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * A task that was accepted.
 *
 * @param request as it came, without the bytes of files
 * @param createdAt when it was accepted, in milliseconds of the epoch
 * @param life what becomes of it
 */
public record SandboxTask(String id, JsonNode request, long createdAt, TaskLife life) {
  /** Whether it came in kie.ai's dialect; in Kling's ids are short and of digits only. */
  public boolean isKie() {
    return id.length() > 18;
  }
}
