package io.klingdrop.sandbox.task;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;

/**
 * What a call is answered.
 *
 * @param status the HTTP status; 0 for an answer that never comes
 * @param headers all but the length
 * @param content what follows the head
 */
public record SandboxAnswer(int status, Map<String, String> headers, SandboxBody content) {
  /** Lets the caller wait for an answer that does not come. */
  public static final SandboxAnswer NEVER =
      new SandboxAnswer(0, Map.of(), SandboxBody.of(new byte[0]));

  public SandboxAnswer {
    headers = Map.copyOf(headers);
  }

  /** Status 200 and JSON. */
  public static SandboxAnswer json(JsonNode body) {
    return of(200, "application/json;charset=UTF-8", body.toString().getBytes(UTF_8));
  }

  public static SandboxAnswer of(int status, String mediaType, byte[] body) {
    return new SandboxAnswer(status, Map.of("Content-Type", mediaType), SandboxBody.of(body));
  }

  /** A status and nothing else. */
  public static SandboxAnswer empty(int status) {
    return of(status, "text/plain", new byte[0]);
  }

  /** Whether it is ever sent. */
  public boolean comes() {
    return status != 0;
  }
}
