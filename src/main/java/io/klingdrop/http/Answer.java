package io.klingdrop.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.klingdrop.job.Text;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;

/** What a request is answered with; status 0 if the answer is on its way already. */
record Answer(int status, String type, String body, Map<String, String> headers) {
  static final String JSON = "application/json; charset=utf-8";

  private static final long MOST_UNREAD = 1L << 20;

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

  static Answer error(int status, String code, String message) {
    return error(status, code, message, "");
  }

  /** An error as all look: {@code {"error":{"status":…,"code":…,"message":…,"detail":…}}}. */
  static Answer error(int status, String code, String message, String detail) {
    var body = JsonNodeFactory.instance.objectNode();
    body.putObject("error")
        .put("status", status)
        .put("code", code)
        .put("message", message)
        .put("detail", detail);
    return json(status, body);
  }

  static Answer nothing() {
    return Answer.error(404, "no-such-path", "there is nothing at this path");
  }

  Answer with(String header, String value) {
    var more = new TreeMap<>(headers);
    more.put(header, value);
    return new Answer(status, type, body, more);
  }

  /** Answers instead of a route. What is still to come of the request is not kept. */
  static void refuse(RoutingContext context, Answer answer) {
    if (!context.response().headWritten()) {
      throwAwayRest(context.request());
      answer.headers().forEach(context.response()::putHeader);
      context.response().setStatusCode(answer.status()).putHeader("Content-Type", answer.type());
      context.response().end(answer.body());
    }
  }

  static void refuse(RoutingContext context, int status, String code, String message) {
    refuse(context, error(status, code, message));
  }

  /** A little is let through, so that the caller gets to read the answer; then it ends. */
  private static void throwAwayRest(HttpServerRequest request) {
    if (!request.isEnded()) {
      var bytes = new AtomicLong();
      request.handler(
          part -> {
            if (bytes.addAndGet(part.length()) > MOST_UNREAD) {
              request.connection().close();
            }
          });
      request.endHandler(end -> {});
      request.exceptionHandler(gone -> {});
      request.resume();
    }
  }
}
