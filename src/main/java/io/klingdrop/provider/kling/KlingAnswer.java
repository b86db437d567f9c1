package io.klingdrop.provider.kling;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
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
 * @param code the business code as text, null if the answer names none
 * @param data what the answer says about a task, missing if nothing
 */
record KlingAnswer(HttpAnswer http, @Nullable String code, String message, JsonNode data)
    implements ApiAnswer {
  KlingAnswer {
    code = code == null ? null : AnswerSanitizer.cut(code);
    message = AnswerSanitizer.cut(message);
  }

  private static final Set<String> GOOD = Set.of("0", "200", "success", "succeed");

  /** Reads the answer. */
  static KlingAnswer of(HttpAnswer http, String account, ObjectMapper mapper) {
    var body = http.body();
    var bare = http.bare("klingdrop.provider." + account + ".base-url");
    if (body == null) {
      return new KlingAnswer(http, null, bare, MissingNode.getInstance());
    }
    var error = body.path("error");
    if (error.isObject()) {
      var code = firstText(error.path("code"), error.path("type"));
      return unwrapped(
          http, code.isEmpty() ? "error" : code, error.path("message").asText(""), mapper);
    }
    var code = body.path("code");
    var data = body.path("data").isObject() ? body.path("data") : MissingNode.getInstance();
    var said = firstText(body.path("message"), body.path("msg"));
    if (code.isValueNode() && !code.isNull() && !code.asText().isEmpty()) {
      return good(code.asText())
          ? new KlingAnswer(http, code.asText(), said, data.isMissingNode() ? body : data)
          : unwrapped(http, code.asText(), said, mapper);
    }
    // a bare task: relays answer with the object itself (new-api's video object)
    return body.hasNonNull("task_id") || body.hasNonNull("id")
        ? new KlingAnswer(http, "0", said, body)
        : new KlingAnswer(http, null, bare, MissingNode.getInstance());
  }

  /** An error whose message may itself be Kling's answer as text. */
  private static KlingAnswer unwrapped(
      HttpAnswer http, String code, String message, ObjectMapper mapper) {
    var start = message.indexOf('{');
    if (start >= 0) {
      try {
        var inner = mapper.readTree(message.substring(start));
        if (inner != null && inner.path("code").isValueNode() && !inner.path("code").isNull()) {
          var said = inner.path("message").asText(message);
          return new KlingAnswer(
              http, inner.path("code").asText(), said, MissingNode.getInstance());
        }
      } catch (JsonProcessingException e) {
        return new KlingAnswer(http, code, message, MissingNode.getInstance());
      }
    }
    return new KlingAnswer(http, code, message, MissingNode.getInstance());
  }

  private static boolean good(String code) {
    return GOOD.stream().anyMatch(code::equalsIgnoreCase);
  }

  /** Success means 2xx and a good code; whether the field is present is for the caller to judge. */
  @Override
  public boolean ok() {
    return http.status() / 100 == 2 && claimsSuccess();
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
      if (node.isValueNode() && !node.isNull() && !node.asText().isBlank()) {
        return node.asText().strip();
      }
    }
    return "";
  }
}
