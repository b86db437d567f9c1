package io.klingdrop.testing;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.klingdrop.sandbox.task.Sight;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.UUID;

/**
 * What Kling itself says about tasks, field by field as its avatar page and recorded exchanges have
 * it (autumn 2026): milliseconds for times, texts for lengths and units.
 */
final class KlingReport {

  static ObjectNode success(ObjectNode data) {
    return Envelopes.object()
        .put("code", 0)
        .put("message", "SUCCEED")
        .put("request_id", UUID.randomUUID().toString())
        .set("data", data);
  }

  /** A refusal, which has no {@code data} at all. */
  static ObjectNode refusal(KlingError error) {
    return Envelopes.object()
        .put("code", error.code())
        .put("message", error.message())
        .put("request_id", UUID.randomUUID().toString());
  }

  ObjectNode created(KlingTask task) {
    ObjectNode data = head(task, "submitted");
    return data.put("created_at", millis(task)).put("updated_at", millis(task));
  }

  ObjectNode found(KlingTask task, FakeTask fake, Sight sight) {
    ObjectNode data = head(task, word(sight));
    TaskPlan plan = fake.plan();
    sight.reason().ifPresent(why -> data.put("task_status_msg", why.message()));
    if (sight.succeeded()) {
      putResult(data, sight.urls(), plan);
    } else {
      data.putObject("task_result");
    }
    if (sight.endedAt().isPresent()) {
      BigDecimal units = BigDecimal.valueOf(sight.credits());
      data.put("final_unit_deduction", units.stripTrailingZeros().toPlainString());
    }
    long changed = sight.endedAt().orElse(millis(task));
    return data.put("created_at", millis(task)).put("updated_at", changed);
  }

  static String word(Sight sight) {
    if (!sight.word().isEmpty()) {
      return sight.word();
    }
    return switch (sight.state()) {
      case WAITING -> "submitted";
      case GENERATING -> "processing";
      case SUCCESS -> "succeed";
      case FAIL -> "failed";
    };
  }

  private static void putResult(ObjectNode data, List<String> urls, TaskPlan plan) {
    switch (plan.shape) {
      case STRING, OBJECT -> putVideos(data.putObject("task_result"), urls, plan);
      case EMPTY -> data.putObject("task_result");
      case NULL -> data.putNull("task_result");
      case GARBAGE -> data.put("task_result", "{videos: [");
      case NO_URLS -> data.putObject("task_result").putArray("videos");
    }
  }

  private static void putVideos(ObjectNode result, List<String> urls, TaskPlan plan) {
    ArrayNode videos = result.putArray("videos");
    double seconds = plan.videoLength.toMillis() / 1000.0;
    for (String url : urls) {
      videos
          .addObject()
          .put("id", UUID.nameUUIDFromBytes(url.getBytes(StandardCharsets.UTF_8)).toString())
          .put("url", url)
          .put("duration", String.format(Locale.ROOT, "%.3f", seconds));
    }
  }

  private static ObjectNode head(KlingTask task, String status) {
    ObjectNode data = Envelopes.object().put("task_id", task.klingId()).put("task_status", status);
    ObjectNode info = data.putObject("task_info");
    task.externalTaskId().ifPresent(id -> info.put("external_task_id", id));
    return data;
  }

  private static long millis(KlingTask task) {
    return task.at().toEpochMilli();
  }
}
