package io.klingdrop.provider.kling;

import static io.klingdrop.provider.kling.KlingAnswer.firstText;

import io.klingdrop.provider.Callback;
import io.klingdrop.provider.CallbackWord;
import io.klingdrop.provider.Signatures;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Locale;
import java.util.Set;

/**
 * Kling's callbacks: the task without an envelope, in the old form ({@code task_id}, {@code
 * task_status}) or in the new one ({@code id}, {@code status}), at every change of state. Signed by
 * Standard Webhooks if a secret is set in its console (Kling's callback page, 2026).
 */
final class KlingCallbacks {

  private static final Set<String> UNDER_WAY =
      Set.of("submitted", "processing", "queued", "in_progress", "pending", "running");

  private KlingCallbacks() {}

  static CallbackWord read(Callback callback, String secret, Instant now) {
    if (!secret.isEmpty()) {
      var id = callback.header("webhook-id");
      var time = callback.header("webhook-timestamp");
      if (id.isEmpty() || !Signatures.fresh(time, now)) {
        return new CallbackWord.Forged("its id or time is missing, or the time too far from ours");
      }
      var signed = (id + "." + time + "." + callback.body()).getBytes(StandardCharsets.UTF_8);
      if (!signed(callback.header("webhook-signature"), Signatures.of(key(secret), signed))) {
        return new CallbackWord.Forged("its signature is missing or wrong");
      }
    }
    var body = callback.json();
    if (body == null) {
      return new CallbackWord.Forged("the body is not a JSON object");
    }
    var task = body.path("data").isObject() ? body.path("data") : body;
    var taskId = firstText(task.path("task_id"), task.path("id"));
    var word = firstText(task.path("task_status"), task.path("status"));
    return new CallbackWord.Genuine(taskId, !UNDER_WAY.contains(word.toLowerCase(Locale.ROOT)));
  }

  /** Several signatures may stand there while a secret is being replaced; one must fit. */
  private static boolean signed(String header, String wanted) {
    var fits = false;
    for (var one : header.split(" +", -1)) {
      fits |= one.startsWith("v1,") && Signatures.same(one.substring(3), wanted);
    }
    return fits;
  }

  private static byte[] key(String secret) {
    var text = secret.startsWith("whsec_") ? secret.substring("whsec_".length()) : secret;
    try {
      return Base64.getDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      return text.getBytes(StandardCharsets.UTF_8);
    }
  }
}
