package io.klingdrop.sandbox.kie;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.klingdrop.sandbox.task.Envelope;
import io.klingdrop.sandbox.task.SandboxTask;
import io.klingdrop.sandbox.task.Sight;
import java.util.Locale;

/**
 * The {@code data} of a recordInfo answer, field by field as recorded from spring to autumn 2026:
 * numbers of milliseconds for times, seconds for {@code costTime}, credits from the first poll on.
 */
final class KieRecord {
  private KieRecord() {}

  static ObjectNode of(SandboxTask task, Sight sight) {
    var state = sight.state().name().toLowerCase(Locale.ROOT);
    var reason = sight.reason().orElse(new Sight.Reason(null, null));
    var endedAt = sight.endedAt();
    var record =
        Envelope.object()
            .put("taskId", task.id())
            .put("model", task.request().path("model").asText())
            .put("state", sight.word().isEmpty() ? state : sight.word())
            .put("param", param(task.request()).toString())
            .put("resultJson", sight.succeeded() ? results(sight) : "");
    record.put("failCode", reason.code()).put("failMsg", reason.message());
    record.put("costTime", endedAt.map(at -> (at - task.createdAt()) / 1000).orElse(null));
    record.put("completeTime", endedAt.orElse(null));
    record.put("createTime", task.createdAt());
    return record.put("creditsConsumed", sight.credits());
  }

  /** The request as it is echoed: input packed once more, a default added. */
  private static ObjectNode param(JsonNode request) {
    ObjectNode input = request.path("input").deepCopy();
    var param = Envelope.object().put("input", input.put("nsfw_checker", false).toString());
    if (request.hasNonNull("callBackUrl")) {
      param.set("callBackUrl", request.get("callBackUrl"));
    }
    return param.set("model", request.path("model"));
  }

  private static String results(Sight sight) {
    var results = Envelope.object();
    var urls = results.putArray("resultUrls");
    sight.urls().forEach(urls::add);
    return results.toString();
  }
}
