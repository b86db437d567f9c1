package io.klingdrop.testing;

import com.fasterxml.jackson.databind.JsonNode;
import io.klingdrop.sandbox.kling.KlingError;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Who may come in: bearer keys as they are, and tokens signed with a secret as Kling's page on
 * authentication has them (HS256; {@code iss}, {@code exp}, {@code nbf}; autumn 2026). Safe for use
 * by many threads.
 */
final class KlingKeys {

  /** Either who pays, or why nobody does. */
  record Verdict(Optional<String> account, Optional<KlingError> error) {

    static Verdict of(String account) {
      return new Verdict(Optional.of(account), Optional.empty());
    }

    static Verdict of(KlingError error) {
      return new Verdict(Optional.empty(), Optional.of(error));
    }
  }

  private final Set<String> keys = ConcurrentHashMap.newKeySet();
  private final Map<String, String> secrets = new ConcurrentHashMap<>();
  private final AtomicInteger refused = new AtomicInteger();
  private volatile InstantSource clock;

  KlingKeys(InstantSource clock) {
    this.clock = clock;
  }

  void add(String key) {
    keys.add(key);
  }

  void add(String accessKey, String secretKey) {
    secrets.put(accessKey, secretKey);
  }

  void clear() {
    keys.clear();
    secrets.clear();
  }

  void clock(InstantSource source) {
    clock = source;
  }

  int refused() {
    return refused.get();
  }

  Verdict judge(Call call) {
    Verdict verdict = judge(call.header("Authorization").orElse(""));
    verdict.error().ifPresent(any -> refused.incrementAndGet());
    return verdict;
  }

  private Verdict judge(String header) {
    if (header.isBlank()) {
      return Verdict.of(KlingError.of(1001));
    }
    if (!header.startsWith("Bearer ")) {
      return Verdict.of(KlingError.of(1002));
    }
    String credential = header.substring("Bearer ".length());
    if (keys.contains(credential)) {
      return Verdict.of(credential);
    }
    String[] parts = credential.split("\\.", -1);
    return parts.length == 3
        ? token(parts)
        : Verdict.of(KlingError.of(1002).saying("api key not found"));
  }

  private Verdict token(String[] parts) {
    JsonNode header = json(parts[0]);
    JsonNode claims = json(parts[1]);
    String issuer = claims.path("iss").asText("");
    String secret = secrets.getOrDefault(issuer, "");
    boolean wellFormed =
        header.path("alg").asText().equals("HS256")
            && header.path("typ").asText().equals("JWT")
            && claims.path("exp").isIntegralNumber()
            && claims.path("nbf").isIntegralNumber();
    if (!wellFormed || secret.isEmpty()) {
      return Verdict.of(KlingError.of(1002));
    }
    byte[] expected = sign(secret, parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII);
    if (!MessageDigest.isEqual(expected, parts[2].getBytes(StandardCharsets.US_ASCII))) {
      return Verdict.of(KlingError.of(1000));
    }
    long now = clock.instant().getEpochSecond();
    if (now < claims.path("nbf").asLong()) {
      return Verdict.of(KlingError.of(1003));
    }
    return now >= claims.path("exp").asLong()
        ? Verdict.of(KlingError.of(1004))
        : Verdict.of(issuer);
  }

  /** The signature of a text, as the third part of a token has it. */
  static String sign(String secret, String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      byte[] signature = mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
      return Base64.getUrlEncoder().withoutPadding().encodeToString(signature);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has HmacSHA256", e);
    }
  }

  private static JsonNode json(String part) {
    try {
      return Envelopes.read(Base64.getUrlDecoder().decode(part)).orElseGet(Envelopes::object);
    } catch (IOException | IllegalArgumentException e) {
      return Envelopes.object();
    }
  }
}
