package io.klingdrop.provider.kling;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.klingdrop.provider.AnswerSanitizer;
import io.klingdrop.provider.ApiAnswer;
import io.klingdrop.provider.HttpAnswer;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One answer of the wire, taken apart. Kling's own envelope is {@code {code, message, request_id,
 * data}} with code 0 for success; CometAPI and gateways wrap errors as {@code {error: {message,
 * type, code}}}; new-api gives codes as words and Kling's own answer as text inside {@code message}
 * (pages and public sources of 2025 and 2026). Codes are numbers or texts.
 *
 * @param data what the answer says about a task, missing if nothing
 */
record KlingAnswer(HttpAnswer http, @Nullable String code, String message, JsonNode data)
    implements ApiAnswer {
  KlingAnswer {
    code = code == null ? null : AnswerSanitizer.cut(code);
    message = AnswerSanitizer.cut(message);
  }

  private static final Set<String> GOOD = Set.of("0", "200", "success", "succeed");

  static KlingAnswer of(HttpAnswer http, String account) {
    var body = http.body();
    var bare = http.bare("klingdrop.provider." + account + ".base-url");
    if (body == null) {
      return bare(http, null, bare);
    }
    var error = body.path("error");
    if (error.isObject()) {
      var code = firstText(error.path("code"), error.path("type"));
      var message = error.path("message").asText("");
      return unwrapped(http, code.isEmpty() ? "error" : code, message, body.path("data"));
    }
    var code = body.path("code");
    var data = body.path("data").isObject() ? body.path("data") : MissingNode.getInstance();
    var said = firstText(body.path("message"), body.path("msg"));
    if (ApiAnswer.isSet(code) && !code.asText().isEmpty()) {
      return good(code.asText())
          ? new KlingAnswer(http, code.asText(), said, data.isMissingNode() ? body : data)
          : unwrapped(http, code.asText(), said, data);
    }
    // a bare task: relays answer with the object itself (new-api's video object)
    return body.hasNonNull("task_id") || body.hasNonNull("id")
        ? new KlingAnswer(http, "0", said, body)
        : bare(http, null, bare);
  }

  /**
   * An error whose message may itself be Kling's answer as text. If it names a task all the same,
   * that may be paid for.
   */
  private static KlingAnswer unwrapped(
      HttpAnswer http, String code, String message, JsonNode data) {
    var start = message.indexOf('{');
    var inner = start < 0 ? MissingNode.getInstance() : HttpAnswer.json(message.substring(start));
    var innerCode = inner.path("code");
    return ApiAnswer.isSet(innerCode)
        ? new KlingAnswer(http, innerCode.asText(), inner.path("message").asText(message), data)
        : new KlingAnswer(http, code, message, data);
  }

  /** An answer that says nothing about a task. */
  private static KlingAnswer bare(HttpAnswer http, @Nullable String code, String message) {
    return new KlingAnswer(http, code, message, MissingNode.getInstance());
  }

  private static boolean good(String code) {
    return GOOD.stream().anyMatch(code::equalsIgnoreCase);
  }

  @Override
  public boolean claimsSuccess() {
    return code != null && good(code);
  }

  /** The id of the task this answer is about, empty if it names none. Never the request id. */
  @Override
  public String taskId() {
    return firstText(data.path("task_id"), data.path("id"));
  }

  /** The first of these that holds a text or number, as text; empty if none does. */
  static String firstText(JsonNode... nodes) {
    for (var node : nodes) {
      if (ApiAnswer.isSet(node) && !node.asText().isBlank()) {
        return node.asText().strip();
      }
    }
    return "";
  }
}
