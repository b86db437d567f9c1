package io.klingdrop.testing;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Calls back about a task: the data of recordInfo in the envelope the documentation of autumn 2026
 * shows for callbacks, where a failure has code 501. The signature covers task id and time, not the
 * body.
 */
final class Callbacks {

  private static final Duration TIMEOUT = Patience.LONG;

  private final InstantSource time;
  private final HttpClient http = HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
  private volatile @Nullable String signingKey;

  Callbacks(InstantSource time) {
    this.time = time;
  }

  /** Signs callbacks from now on. */
  void signWith(String key) {
    signingKey = key;
  }

  /** Sends one callback and returns the HTTP status it was answered with. */
  int send(String to, String taskId, ObjectNode data) throws IOException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(to))
            .timeout(TIMEOUT)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(envelope(data).toString()));
    String key = signingKey;
    if (key != null) {
      String timestamp = Long.toString(time.instant().getEpochSecond());
      request.header("X-Webhook-Timestamp", timestamp);
      request.header("X-Webhook-Signature", signature(key, taskId + "." + timestamp));
    }
    try {
      return http.send(request.build(), BodyHandlers.discarding()).statusCode();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while calling back", e);
    }
  }

  static String signature(String key, String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      byte[] signature = mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
      return Base64.getEncoder().encodeToString(signature);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has HmacSHA256", e);
    }
  }

  private static ObjectNode envelope(ObjectNode data) {
    data.put("updateTime", System.currentTimeMillis());
    if (data.path("state").asText().equals("fail")) {
      data.remove("resultJson");
      return envelope(501, "Playground task failed.", data);
    }
    return envelope(200, "Playground task completed successfully.", data);
  }

  private static ObjectNode envelope(int code, String msg, ObjectNode data) {
    return Envelopes.object().put("code", code).put("msg", msg).set("data", data);
  }
}
