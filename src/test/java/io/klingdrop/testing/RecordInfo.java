package io.klingdrop.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.klingdrop.testing.FakeTask.Sight;
import io.klingdrop.testing.TaskPlan.Failure;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The {@code data} of a recordInfo answer, field by field as recorded in August 2026: numbers of
 * milliseconds for times, seconds for {@code costTime}, credits from the first poll on.
 */
final class RecordInfo {

  private final URI base;

  RecordInfo(URI base) {
    this.base = base;
  }

  ObjectNode render(FakeTask task, Sight sight) {
    AcceptedTask accepted = task.accepted();
    Failure failure = sight.failure();
    ObjectNode data =
        Envelopes.object()
            .put("taskId", accepted.taskId())
            .put("model", accepted.model())
            .put("state", sight.state())
            .put("param", param(accepted.request()).toString());
    if (sight.succeeded()) {
      data.set("resultJson", task.plan().shape.render(ResultStore.urls(task, base)));
    } else {
      data.put("resultJson", "");
    }
    data.put("failCode", failure == null ? null : failure.code());
    data.put("failMsg", failure == null ? null : failure.msg());
    putTimes(data, accepted.at(), sight.endedAt());
    return data.put("creditsConsumed", failure == null ? task.plan().credits : failure.credits());
  }

  private static void putTimes(ObjectNode data, Instant created, @Nullable Instant ended) {
    if (ended == null) {
      data.putNull("costTime").putNull("completeTime");
    } else {
      data.put("costTime", Duration.between(created, ended).toSeconds());
      data.put("completeTime", ended.toEpochMilli());
    }
    data.put("createTime", created.toEpochMilli());
  }

  /** The request as the provider echoes it: input packed once more, a default added. */
  private static JsonNode param(JsonNode request) {
    ObjectNode input = request.path("input").deepCopy();
    ObjectNode param = Envelopes.object().put("input", input.put("nsfw_checker", false).toString());
    if (request.hasNonNull("callBackUrl")) {
      param.set("callBackUrl", request.get("callBackUrl"));
    }
    return param.set("model", request.path("model"));
  }
}
