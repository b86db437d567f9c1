package io.klingdrop.provider.kie;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.klingdrop.provider.AnswerSanitizer;
import io.klingdrop.provider.ApiAnswer;
import io.klingdrop.provider.HttpAnswer;
import io.klingdrop.provider.ResultAddresses;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One answer of the wire, taken apart: envelope {@code {code, msg, data}} with HTTP 200 also for
 * failures (docs.kie.ai model pages, 2026; the upload host adds {@code success}).
 *
 * @param data the envelope's data, missing if there is none
 */
record KieAnswer(HttpAnswer http, @Nullable String code, String message, JsonNode data)
    implements ApiAnswer {
  private static final int MOST_WRAPPINGS = 3;

  static KieAnswer of(HttpAnswer http) {
    var envelope = http.body();
    if (envelope == null || !ApiAnswer.isSet(envelope.path("code"))) {
      return new KieAnswer(
          http, null, http.bare("klingdrop.provider.kie.base-url"), MissingNode.getInstance());
    }
    var said = envelope.path("msg").isTextual() ? envelope.path("msg") : envelope.path("message");
    return new KieAnswer(
        http,
        envelope.path("code").asText(),
        AnswerSanitizer.cut(said.asText("")),
        envelope.path("data"));
  }

  @Override
  public boolean claimsSuccess() {
    return "200".equals(code);
  }

  @Override
  public String taskId() {
    var taskId = data.path("taskId").asText("");
    return taskId.isBlank() ? "" : taskId;
  }

  /**
   * The result addresses in the provider's order, as it wrote them. They come from {@code
   * resultJson} alone: {@code param} repeats the input's addresses and is never looked at.
   *
   * @param resultJson a string that holds JSON, an object, empty, null or missing: all occur
   */
  static List<String> urls(JsonNode resultJson) {
    var result = resultJson;
    for (int wrapped = 0; wrapped < MOST_WRAPPINGS && result.isTextual(); wrapped++) {
      result = HttpAnswer.json(result.asText());
    }
    return ResultAddresses.in(result.path("resultUrls"));
  }

  /** Credits taken, null if the record does not say. */
  static @Nullable Double credits(JsonNode record) {
    var credits = record.path("creditsConsumed");
    if (!credits.isNumber()) {
      credits = record.path("consumeCredits");
    }
    return credits.isNumber() ? AnswerSanitizer.credits(credits.asDouble()) : null;
  }

  /**
   * How long the task ran, null if the record does not say. {@code createTime} and {@code
   * completeTime} are epoch milliseconds of one clock; the latter is null until success (recorded
   * exchanges of August 2026).
   */
  static @Nullable Duration took(JsonNode record) {
    return AnswerSanitizer.took(
        record.path("createTime").asLong(0), record.path("completeTime").asLong(0));
  }
}
