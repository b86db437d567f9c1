package io.klingdrop.provider.kie;

import com.fasterxml.jackson.databind.JsonNode;
import io.klingdrop.provider.Callback;
import io.klingdrop.provider.CallbackWord;
import io.klingdrop.provider.HttpAnswer;
import io.klingdrop.provider.Signatures;
import io.klingdrop.provider.TaskEvidence;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * kie.ai's callbacks: recordInfo's data in an envelope of their own, older ones with the task's id
 * beside it. The signature covers {@code taskId.timestamp} and not the body
 * (docs.kie.ai/common-api/webhook-verification and two model pages, 2026-08 to 2026-10).
 */
final class KieCallbacks {
  /** The provider's clock and ours may differ by this much. */
  private static final Duration CLOCKS = Duration.ofMinutes(5);

  private static final Set<String> UNDER_WAY = Set.of("waiting", "queuing", "generating");

  private KieCallbacks() {}

  static CallbackWord read(Callback callback, String key, Instant now) {
    var body = callback.json();
    if (body == null) {
      return new CallbackWord.Forged("the body is not a JSON object");
    }
    var data = body.path("data");
    var taskId =
        Stream.of(data, body)
            .flatMap(node -> Stream.of(node.path("taskId"), node.path("task_id")))
            .map(node -> node.asText(""))
            .filter(id -> !id.isBlank() && id.length() <= 200)
            .findFirst()
            .orElse("");
    if (!key.isEmpty()) {
      var time = callback.header("X-Webhook-Timestamp");
      if (!Signatures.fresh(time, now)) {
        return new CallbackWord.Forged("its time is missing or too far from ours");
      }
      var wanted =
          Signatures.of(
              key.getBytes(StandardCharsets.UTF_8),
              (taskId + "." + time).getBytes(StandardCharsets.UTF_8));
      if (!Signatures.same(wanted, callback.header("X-Webhook-Signature"))) {
        return new CallbackWord.Forged("its signature is missing or wrong");
      }
    }
    var state = data.path("state").asText("").toLowerCase(Locale.ROOT);
    return new CallbackWord.Genuine(taskId, !UNDER_WAY.contains(state));
  }

  /** Why the record is surely not of our lost task; empty if nothing speaks against it. */
  static Optional<String> strange(JsonNode record, String model, TaskEvidence evidence) {
    var theirs = record.path("model").asText("");
    if (!theirs.isEmpty() && !theirs.equals(model)) {
      return Optional.of("the task is of another model");
    }
    // param repeats the whole request as a text that holds JSON (recorded 2026-08)
    var param = record.path("param");
    var request = param.isTextual() ? HttpAnswer.json(param.asText()) : param;
    var address = request.path("callBackUrl").asText("");
    if (!address.isEmpty() && !evidence.calledAt().test(address)) {
      return Optional.of("the task calls back another address");
    }
    var created = record.path("createTime").asLong(0);
    return created > 0 && created < evidence.since().minus(CLOCKS).toEpochMilli()
        ? Optional.of("the task is older than the request")
        : Optional.empty();
  }
}
