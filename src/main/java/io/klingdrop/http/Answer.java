package io.klingdrop.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.klingdrop.job.Text;
import io.vertx.ext.web.RoutingContext;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a request is answered with.
 *
 * @param status 0 if the answer is on its way already
 * @param headers beside the content type
 */
record Answer(int status, String type, String body, Map<String, String> headers) {
  static final String JSON = "application/json; charset=utf-8";

  /** The answer has been written by whoever made it. */
  static final Answer SENT = new Answer(0, "", "", Map.of());

  static Answer json(JsonNode body) {
    return json(200, body);
  }

  static Answer json(int status, JsonNode body) {
    return new Answer(status, JSON, Text.escaped(body.toString()), Map.of());
  }

  static Answer text(String type, String body) {
    return new Answer(200, type, body, Map.of());
  }

  /** An error that is about nothing in particular. */
  static Answer error(int status, String code, String message) {
    return error(status, code, message, "");
  }

  /**
   * An error as all of them look: {@code {"error":{"status":…,"code":…,"message":…,"detail":…}}}.
   */
  static Answer error(int status, String code, String message, String detail) {
    var body = JsonNodeFactory.instance.objectNode();
    body.putObject("error")
        .put("status", status)
        .put("code", code)
        .put("message", message)
        .put("detail", detail);
    return json(status, body);
  }

  /** That there is nothing. */
  static Answer nothing() {
    return Answer.error(404, "no-such-path", "there is nothing at this path");
  }

  /** The same answer with one more header. */
  Answer with(String header, String value) {
    var more = new TreeMap<>(headers);
    more.put(header, value);
    return new Answer(status, type, body, more);
  }

  /** Answers instead of a route. What is still to come of the request is not kept. */
  static void refuse(RoutingContext context, Answer answer) {
    if (!context.response().headWritten()) {
      UnreadRequest.of(context.request());
      answer.headers().forEach(context.response()::putHeader);
      context.response().setStatusCode(answer.status()).putHeader("Content-Type", answer.type());
      context.response().end(answer.body());
    }
  }
}
