package io.klingdrop.provider.kling;

import static io.klingdrop.provider.kling.KlingAnswer.firstText;

import com.fasterxml.jackson.databind.JsonNode;
import io.klingdrop.provider.AnswerSanitizer;
import io.klingdrop.provider.HttpAnswer;
import io.klingdrop.provider.ResultAddresses;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What an answer says about a task, in Kling's own form or in one of the forms relays give it
 * (Kling's avatar page and new-api's data objects, 2026): the raw task of Kling may lie under
 * {@code data} once more.
 */
final class KlingTask {
  private static final Pattern WEB = Pattern.compile("https?://\\S+", Pattern.CASE_INSENSITIVE);

  private static final Set<String> DONE = Set.of("succeed", "succeeded", "success", "completed");
  private static final Set<String> FAILED = Set.of("failed", "failure", "fail");

  private final JsonNode outer;
  private final JsonNode inner;

  KlingTask(JsonNode data) {
    this.outer = data;
    this.inner = raw(data);
  }

  private static JsonNode raw(JsonNode data) {
    var node = data;
    for (int depth = 0; depth < 3 && !node.has("task_status"); depth++) {
      if (!node.path("data").isObject()) {
        return data;
      }
      node = node.path("data");
    }
    return node.has("task_status") ? node : data;
  }

  /** The provider's word for the state, as it wrote it; empty if it names none. */
  String word() {
    return firstText(inner.path("task_status"), outer.path("status"), outer.path("task_status"));
  }

  /** Whether the word says that the task ended well, in any of its spellings. */
  boolean done() {
    return DONE.contains(word().toLowerCase(Locale.ROOT));
  }

  boolean failed() {
    return FAILED.contains(word().toLowerCase(Locale.ROOT));
  }

  /**
   * The result addresses in the provider's order. Some relays' success stands in {@code
   * fail_reason} (new-api before {@code result_url} came, 2025).
   */
  List<String> urls() {
    var result = inner.path("task_result");
    var videos = (result.isTextual() ? HttpAnswer.json(result.asText()) : result).path("videos");
    var others = Stream.of("result_url", "url", "video_url", "fail_reason").map(outer::path);
    return Stream.concat(Stream.of(videos), others)
        .map(KlingTask::addresses)
        .filter(urls -> !urls.isEmpty())
        .findFirst()
        .orElse(List.of());
  }

  private static List<String> addresses(JsonNode field) {
    return ResultAddresses.in(field).stream().filter(url -> WEB.matcher(url).matches()).toList();
  }

  /** Why the task failed, in the provider's words; empty if it gives no reason. */
  String reason() {
    return firstText(
        inner.path("task_status_msg"),
        outer.path("task_status_msg"),
        outer.path("fail_reason"),
        outer.path("error").path("message"),
        outer.path("error"));
  }

  /** The code that goes with the reason; empty if there is none. */
  String reasonCode() {
    return firstText(outer.path("error").path("code"));
  }

  /** Units taken, a text on the wire; null if the answer does not say. */
  @Nullable Double units() {
    var units = firstText(inner.path("final_unit_deduction"), outer.path("final_unit_deduction"));
    try {
      return units.isEmpty() ? null : AnswerSanitizer.credits(Double.parseDouble(units));
    } catch (NumberFormatException e) {
      return null;
    }
  }

  /**
   * How long the ended task ran, null if the answer does not say. {@code created_at} and {@code
   * updated_at} are epoch milliseconds in Kling's own tasks; gateways' seconds are not read.
   */
  @Nullable Duration took() {
    var created = inner.path("created_at").asLong(0);
    var updated = inner.path("updated_at").asLong(0);
    return created > 100_000_000_000L ? AnswerSanitizer.took(created, updated) : null;
  }

  /** Our own id of the task, empty if the answer does not repeat it. */
  String externalId() {
    return firstText(
        inner.path("task_info").path("external_task_id"), outer.path("external_task_id"));
  }
}
