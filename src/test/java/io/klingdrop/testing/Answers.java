package io.klingdrop.testing;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.zip.GZIPOutputStream;

/**
 * Behaviours that answer in proper HTTP, with something else than the truth. Unless said otherwise
 * the call is read and not acted upon: no task is created, no file is kept.
 */
public final class Answers {

  private static final String JSON = "application/json;charset=UTF-8";
  private static final String HTML =
      "<!DOCTYPE html><html><head><title>%s</title></head><body><h1>%s</h1></body></html>";

  private Answers() {}

  /** What the endpoint ought to answer. */
  public static Behaviour ok() {
    return Behaviour.HONEST;
  }

  /** HTTP 200 and the envelope {@code {code, msg, data:null}}. */
  public static Behaviour envelope(int code, String msg) {
    return reply(Reply.json(Envelopes.refusal(code, msg)));
  }

  /** As {@link #envelope}, with the text under {@code message}, as old pages show it. */
  public static Behaviour envelopeWithMessage(int code, String message) {
    return json(Envelopes.object().put("code", code).put("message", message).toString());
  }

  /** HTTP 200 and the refusal of an unknown key. */
  public static Behaviour unauthorised() {
    return reply(Reply.json(Envelopes.unauthorised()));
  }

  /** HTTP 200 and the answer to calls made too often. */
  public static Behaviour tooFrequent() {
    return envelope(429, Envelopes.TOO_FREQUENT);
  }

  /** A success envelope around any JSON: {@code null}, a number, {@code "text"}, {@code []}. */
  public static Behaviour dataIs(String rawJson) {
    return json("{\"code\":200,\"msg\":\"success\",\"data\":" + rawJson + "}");
  }

  /** HTTP 200 and this text, sold as JSON. */
  public static Behaviour json(String text) {
    return reply(Reply.of(200, JSON, Body.of(text)));
  }

  /** HTTP 200 and something that is not JSON, sold as JSON. */
  public static Behaviour invalidJson() {
    return json("{code: 200, 'msg': success,,}");
  }

  /** HTTP 200 and a success envelope that stops in the middle, although nothing is missing. */
  public static Behaviour truncatedJson() {
    return json("{\"code\":200,\"msg\":\"success\",\"data\":{\"taskId\":\"4f");
  }

  /** HTTP 200 and a web page. */
  public static Behaviour html() {
    return reply(page(200, "Just a moment..."));
  }

  /** A bare status with no body. */
  public static Behaviour status(int status) {
    return reply(Reply.empty(status));
  }

  /** A status with the kind of page an edge server shows. */
  public static Behaviour statusPage(int status) {
    return reply(page(status, "Error " + status));
  }

  /** A status and the envelope, for answers that mean the same on both levels. */
  public static Behaviour statusEnvelope(int status, int code, String msg) {
    return reply(Reply.of(status, JSON, Body.of(Envelopes.refusal(code, msg).toString())));
  }

  /** A bare status with a Retry-After header: seconds, or an HTTP date. */
  public static Behaviour retryAfter(int status, String value) {
    return reply(Reply.empty(status).with("Retry-After", value));
  }

  /** 302 to somewhere else. */
  public static Behaviour redirectTo(URI location) {
    return reply(Reply.empty(302).with("Location", location.toString()));
  }

  /** 301 to somewhere else. */
  public static Behaviour movedTo(String location) {
    return reply(Reply.empty(301).with("Location", location));
  }

  /** HTTP 200 and a JSON envelope of that many bytes, streamed. */
  public static Behaviour hugeJson(long bytes) {
    byte[] beginning = "{\"code\":200,\"msg\":\"success\",".getBytes(StandardCharsets.UTF_8);
    return reply(Reply.of(200, JSON, Body.padded(beginning, bytes)));
  }

  /**
   * HTTP 200 and a valid video of three seconds and that many bytes, streamed: three gigabytes need
   * no memory here.
   *
   * @param bytes at least 10 kB, less than 4 GiB
   */
  public static Behaviour hugeVideo(long bytes) {
    Body video = Mp4.padded(Duration.ofSeconds(3), "huge", bytes);
    return reply(Reply.of(200, "video/mp4", video));
  }

  /** HTTP 200, the proper content type, and not a single byte. */
  public static Behaviour zeroBytes() {
    return turn -> turn.send(turn.honest().with(Body.of("")));
  }

  /** The honest answer, acted upon, compressed. */
  public static Behaviour gzipped() {
    return turn -> {
      var packed = new ByteArrayOutputStream();
      try (var gzip = new GZIPOutputStream(packed)) {
        gzip.write(turn.honest().body().bytes());
      }
      Reply reply = turn.honest().with("Content-Encoding", "gzip");
      turn.send(reply.with(Body.of(packed.toByteArray())));
    };
  }

  /** The honest JSON answer, acted upon, with a change made to its envelope. */
  public static Behaviour rewritten(Consumer<ObjectNode> change) {
    return turn -> {
      var envelope = (ObjectNode) Envelopes.read(turn.honest().body().bytes()).orElseThrow();
      change.accept(envelope);
      turn.send(turn.honest().with(Body.of(envelope.toString())));
    };
  }

  /** The honest answer, acted upon, after a pause. The work is done before the pause. */
  public static Behaviour delay(Duration time) {
    return turn -> {
      turn.honest();
      turn.pause(time);
      turn.send(turn.honest());
    };
  }

  /** Exactly this answer. */
  public static Behaviour reply(Reply reply) {
    return turn -> turn.send(reply);
  }

  private static Reply page(int status, String title) {
    return Reply.of(status, "text/html; charset=UTF-8", Body.of(HTML.formatted(title, title)));
  }
}
