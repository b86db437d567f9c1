package io.klingdrop.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.klingdrop.sandbox.kling.KlingError;
import io.klingdrop.sandbox.task.Sight;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.UUID;

/**
 * The forms in which relays pass Kling's words on, as their sources and pages had them in 2025 and
 * 2026.
 */
final class RelayForm {

  /** What new-api says in place of whatever was refused with 429. */
  static final String SATURATED = "当前分组上游负载已饱和，请稍后再试";

  private final Relay relay;

  RelayForm(Relay relay) {
    this.relay = relay;
  }

  /** What Kling answered to a task that became one, as the relay passes it on. */
  Reply created(Reply kling, KlingTask task) {
    return switch (relay) {
      case NONE, COMET -> kling;
      case NEW_API, OLD_NEW_API, SIMPLE, BARE -> Reply.json(openAiVideo(task));
    };
  }

  /** What Kling answered to a query, as the relay passes it on. */
  Reply found(Reply kling, KlingTask task, Sight sight) throws IOException {
    JsonNode answer = Envelopes.read(kling.body().bytes()).orElseThrow();
    return switch (relay) {
      case NONE, COMET -> kling;
      case NEW_API, OLD_NEW_API -> Reply.json(newApi(taskDto(answer, task, sight)));
      case SIMPLE -> Reply.json(newApi(simple(answer, task, sight, "succeeded")));
      case BARE -> Reply.json(simple(answer, task, sight, "completed"));
    };
  }

  /** A refusal of Kling's, as the relay passes it on. */
  Reply refusal(Reply kling) throws IOException {
    JsonNode answer = Envelopes.read(kling.body().bytes()).orElseThrow();
    return refusal(
        new KlingError(
            kling.status(), answer.path("code").asInt(), answer.path("message").asText()));
  }

  Reply refusal(KlingError error) {
    return switch (relay) {
      case NONE -> reply(error.status(), klingRefusal(error));
      case COMET -> comet(error.status(), error.message(), Integer.toString(error.code()));
      case NEW_API, OLD_NEW_API, SIMPLE, BARE -> newApiRefusal(error);
    };
  }

  /** The answer to a task nobody knows. */
  Reply unknownTask() {
    return relay == Relay.NONE || relay == Relay.COMET
        ? refusal(KlingError.of(1203))
        : newApi(400, "task_not_exist", "task_not_exist");
  }

  /** The answer to a path nobody serves. */
  Reply unknownPath(Call call) {
    return switch (relay) {
      case NONE -> refusal(KlingError.of(1202));
      case COMET -> Reply.empty(301).with("Location", "/");
      case NEW_API, OLD_NEW_API, SIMPLE, BARE ->
          error(
              404,
              "Invalid URL (%s %s)".formatted(call.method(), call.path()),
              "invalid_request_error",
              "");
    };
  }

  static Reply comet(int status, String message, String code) {
    ObjectNode error = Envelopes.object();
    error.put("message", message + requestId()).put("type", "comet_api_error");
    return reply(status, wrap(error.put("param", "").put("code", code)));
  }

  static Reply newApi(int status, String code, String message) {
    return reply(
        status, Envelopes.object().put("code", code).put("message", message).putNull("data"));
  }

  /** A refusal in Kling's own form, which has no {@code data} at all. */
  static ObjectNode klingRefusal(KlingError error) {
    return Envelopes.object()
        .put("code", error.code())
        .put("message", error.message())
        .put("request_id", UUID.randomUUID().toString());
  }

  private static Reply newApiRefusal(KlingError error) {
    if (error.status() == 401) {
      return error(401, error.message() + requestId(), "new_api_error", "");
    }
    String message = error.status() == 429 ? SATURATED : klingRefusal(error).toString();
    return newApi(error.status(), "fail_to_fetch_task", message);
  }

  private static JsonNode newApi(ObjectNode data) {
    return Envelopes.object().put("code", "success").put("message", "").set("data", data);
  }

  private static ObjectNode openAiVideo(KlingTask task) {
    return Envelopes.object()
        .put("id", task.taskId())
        .put("task_id", task.taskId())
        .put("object", "video")
        .put("model", task.request().path("model_name").asText("kling-avatar"))
        .put("status", "")
        .put("progress", 0)
        .put("created_at", task.at().getEpochSecond());
  }

  private ObjectNode taskDto(JsonNode answer, KlingTask task, Sight sight) {
    String state = newApiState(word(answer), sight);
    List<String> urls = sight.urls();
    String url = urls.isEmpty() ? "" : urls.get(0);
    String reason = sight.reason().map(why -> String.valueOf(why.message())).orElse("");
    ObjectNode data =
        Envelopes.object()
            .put("task_id", task.taskId())
            .put("platform", "50")
            .put("action", "generate")
            .put("status", state)
            .put("submit_time", task.at().getEpochSecond())
            .put("start_time", task.at().getEpochSecond())
            .put("finish_time", sight.endedAt().map(at -> at / 1000).orElse(0L))
            .put("progress", progress(state));
    if (relay == Relay.NEW_API) {
      data.put("result_url", url).put("fail_reason", reason);
    } else {
      data.put("fail_reason", sight.succeeded() ? url : reason);
    }
    return data.set("data", answer);
  }

  private ObjectNode simple(JsonNode answer, KlingTask task, Sight sight, String done) {
    List<String> urls = sight.urls();
    ObjectNode data =
        Envelopes.object()
            .put("task_id", task.taskId())
            .put("status", simpleState(word(answer), sight, done));
    data.put("url", urls.isEmpty() ? "" : urls.get(0)).put("format", "mp4");
    ObjectNode metadata = data.putObject("metadata");
    if (sight.succeeded()) {
      metadata.put("duration", sight.length().toMillis() / 1000.0);
    }
    if (sight.reason().isEmpty()) {
      return data.putNull("error");
    }
    data.putObject("error").put("message", sight.reason().get().message()).put("code", 500);
    return data;
  }

  private static String newApiState(String word, Sight sight) {
    if (sight.endedAt().isPresent()) {
      return sight.succeeded() ? "SUCCESS" : "FAILURE";
    }
    return switch (word) {
      case "submitted" -> "SUBMITTED";
      case "processing" -> "IN_PROGRESS";
      default -> word.toUpperCase(Locale.ROOT);
    };
  }

  private static String simpleState(String word, Sight sight, String done) {
    if (sight.endedAt().isPresent()) {
      return sight.succeeded() ? done : "failed";
    }
    return word.equals("submitted") ? "queued" : word;
  }

  private static String word(JsonNode answer) {
    return answer.at("/data/task_status").asText();
  }

  private static String progress(String state) {
    return switch (state) {
      case "SUBMITTED" -> "10%";
      case "IN_PROGRESS" -> "30%";
      case "SUCCESS", "FAILURE" -> "100%";
      default -> "0%";
    };
  }

  private static Reply error(int status, String message, String type, String code) {
    return reply(
        status,
        wrap(Envelopes.object().put("message", message).put("type", type).put("code", code)));
  }

  private static ObjectNode wrap(ObjectNode error) {
    return Envelopes.object().set("error", error);
  }

  private static String requestId() {
    return " (request id: " + UUID.randomUUID() + ")";
  }

  private static Reply reply(int status, JsonNode body) {
    return Reply.of(status, "application/json; charset=utf-8", Body.of(body.toString()));
  }
}
