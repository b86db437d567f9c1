package io.klingdrop.sandbox.kling;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.klingdrop.sandbox.task.Envelope;
import io.klingdrop.sandbox.task.Envelope.Refusal;
import io.klingdrop.sandbox.task.SandboxAnswer;
import java.util.UUID;

/**
 * The form of every answer in Kling's dialect: {@code code}, {@code message}, {@code request_id}
 * and, if all is well, {@code data}. The HTTP status goes with the code (Kling's table of autumn
 * 2026).
 */
final class KlingEnvelope {
  /** A field has a value it cannot have. */
  static final int INVALID = 1201;

  /** The account holds too little. */
  static final int NO_UNITS = 1102;

  private KlingEnvelope() {}

  static SandboxAnswer success(ObjectNode data) {
    return SandboxAnswer.json(envelope(0, "SUCCEED").set("data", data));
  }

  static SandboxAnswer refusal(Refusal refusal) {
    int code = code(refusal);
    var envelope = envelope(code, refusal.getMessage()).toString();
    return SandboxAnswer.of(KlingError.status(code), "application/json", envelope.getBytes(UTF_8));
  }

  static SandboxAnswer refusal(KlingError error) {
    return refusal(new Refusal(error.code(), error.message()));
  }

  /** Kling's code for what a prompt may ask for with a code of kie.ai. */
  private static int code(Refusal refusal) {
    return switch (refusal.code()) {
      case 400 -> 1301;
      case 401 -> 1000;
      case 402 -> NO_UNITS;
      case 422 -> INVALID;
      case 429, 430 -> 1302;
      case 433 -> 1303;
      case 455 -> 5001;
      case 500 -> 5000;
      case 505 -> 1103;
      default -> refusal.code() < 1000 ? 1200 : refusal.code();
    };
  }

  private static ObjectNode envelope(int code, String message) {
    return Envelope.object()
        .put("code", code)
        .put("message", message)
        .put("request_id", UUID.randomUUID().toString());
  }
}
