package io.klingdrop.provider.kie;

import com.fasterxml.jackson.databind.JsonNode;
import io.klingdrop.provider.AnswerSanitizer;
import io.klingdrop.provider.HttpAnswer;
import io.klingdrop.provider.ResultAddresses;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a finished record holds. Results come from {@code resultJson} alone: {@code param}
 * repeats the input's addresses and is never looked at.
 */
final class KieResults {
  private static final int MOST_WRAPPINGS = 3;

  private KieResults() {}

  /**
   * The result addresses in the provider's order, as it wrote them.
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
