package io.klingdrop.provider;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** HMAC-SHA256 signatures of callbacks, compared in constant time. */
public final class Signatures {
  /** How far the sender's clock may be from ours (Standard Webhooks, and Kling's page, 2026). */
  public static final Duration WINDOW = Duration.ofMinutes(5);

  private Signatures() {}

  /** The signature of a text, in base64. */
  public static String of(byte[] key, byte[] text) {
    try {
      var mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return Base64.getEncoder().encodeToString(mac.doFinal(text));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has HmacSHA256", e);
    }
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  public static boolean same(String one, String other) {
    return MessageDigest.isEqual(
        one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
  }

  /** Whether a time in epoch seconds is close enough to now; false for what is no number. */
  public static boolean fresh(String epochSeconds, Instant now) {
    return epochSeconds.matches("\\d{1,12}")
        && Duration.between(Instant.ofEpochSecond(Long.parseLong(epochSeconds)), now)
                .abs()
                .compareTo(WINDOW)
            <= 0;
  }
}
