package io.klingdrop.sandbox.task;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/**
 * The form of every JSON answer: {@code code}, {@code msg}, {@code data}. The HTTP status is 200
 * whatever the code says (recorded exchanges, spring to autumn 2026).
 */
public final class Envelope {
  public static final ObjectMapper JSON = new ObjectMapper();

  /** The message of code 401, whose answer has no {@code data} at all. */
  public static final String UNAUTHORIZED =
      "Unauthorized – Authentication failed. Please check that your Authorization and Content-Type"
          + " headers are correctly set.";

  private Envelope() {}

  public static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  public static SandboxAnswer success(JsonNode data) {
    return answer(200, "success", data);
  }

  public static SandboxAnswer refusal(Refusal refusal) {
    return answer(refusal.code(), refusal.getMessage(), null);
  }

  /** What is answered when the sandbox itself is at fault. */
  public static SandboxAnswer serverException() {
    return answer(500, "Server exception, please try again later", null);
  }

  /** What the upload host answers: the same, with {@code success} beside it. */
  public static SandboxAnswer uploaded(JsonNode data) {
    var envelope = object().put("success", true).put("code", 200);
    envelope.put("msg", "File uploaded successfully").set("data", data);
    return SandboxAnswer.json(envelope);
  }

  public static SandboxAnswer uploadRefused(Refusal refusal) {
    var envelope = object().put("success", false).put("code", refusal.code());
    return SandboxAnswer.json(envelope.put("msg", refusal.getMessage()));
  }

  private static SandboxAnswer answer(int code, String message, @Nullable JsonNode data) {
    var envelope = object().put("code", code).put("msg", message);
    if (code != 401) {
      envelope.set("data", data == null ? JsonNodeFactory.instance.nullNode() : data);
    }
    return SandboxAnswer.json(envelope);
  }

  /** An answer with another code than 200. */
  public static final class Refusal extends RuntimeException {
    private final int code;

    public Refusal(int code, String message) {
      super(message, null, false, false);
      this.code = code;
    }

    public int code() {
      return code;
    }

    @Override
    public String getMessage() {
      return String.valueOf(super.getMessage());
    }
  }
}
