package io.klingdrop.testing;

import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.WebhookSigningException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Instant;
import java.util.UUID;

/** A callback as Kling sends it: the task without an envelope, signed by Standard Webhooks. */
public final class KlingCallback {

  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private KlingCallback() {}

  /**
   * Sends one.
   *
   * @param secret of the signature, in base64 with {@code whsec_} before it; empty for none
   * @param at the time it is signed with
   * @return the HTTP status it was answered with
   */
  public static int send(String to, String body, String secret, Instant at) throws IOException {
    var request =
        HttpRequest.newBuilder(URI.create(to))
            .timeout(Patience.LONG)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body));
    if (!secret.isEmpty()) {
      var id = "msg_" + UUID.randomUUID();
      request.header("webhook-id", id);
      request.header("webhook-timestamp", Long.toString(at.getEpochSecond()));
      request.header("webhook-signature", signature(secret, id, at, body));
    }
    try {
      return HTTP.send(request.build(), BodyHandlers.discarding()).statusCode();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while calling back", e);
    }
  }

  private static String signature(String secret, String id, Instant at, String body) {
    try {
      return new Webhook(secret).sign(id, at.getEpochSecond(), body);
    } catch (WebhookSigningException e) {
      throw new IllegalArgumentException("this secret signs nothing", e);
    }
  }
}
