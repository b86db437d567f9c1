package io.klingdrop.provider.kie;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.klingdrop.provider.AnswerSanitizer;
import io.klingdrop.provider.ApiAnswer;
import io.klingdrop.provider.HttpAnswer;
import org.jspecify.annotations.Nullable;

/**
 * One answer of the wire, taken apart: envelope {@code {code, msg, data}} with HTTP 200 also for
 * failures (docs.kie.ai model pages, 2026; the upload host adds {@code success}).
 *
 * @param data the envelope's data, missing if there is none
 */
record KieAnswer(HttpAnswer http, @Nullable String code, String message, JsonNode data)
    implements ApiAnswer {

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
}
