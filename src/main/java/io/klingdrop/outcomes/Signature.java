package io.klingdrop.outcomes;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The signature of Standard Webhooks (standardwebhooks.com, specification of 2023): {@code v1,} and
 * the Base64 of HMAC-SHA256 over {@code id.timestamp.body}, one for each secret. Immutable.
 *
 * @param secrets each {@code whsec_} and a key in Base64
 */
record Signature(List<String> secrets) {
  private static final String ALGORITHM = "HmacSHA256";
  private static final int START = "whsec_".length();

  Signature {
    secrets = List.copyOf(secrets);
  }

  /** The value of {@code webhook-signature}. */
  String of(String id, long timestamp, String body) {
    var text = (id + "." + timestamp + "." + body).getBytes(StandardCharsets.UTF_8);
    return secrets.stream().map(secret -> signed(secret, text)).collect(Collectors.joining(" "));
  }

  private static String signed(String secret, byte[] text) {
    try {
      var mac = Mac.getInstance(ALGORITHM);
      var key = Base64.getDecoder().decode(secret.substring(START));
      mac.init(new SecretKeySpec(key, ALGORITHM));
      return "v1," + Base64.getEncoder().encodeToString(mac.doFinal(text));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has " + ALGORITHM, e);
    }
  }

  @Override
  public String toString() {
    return "Signature[" + secrets.size() + "]";
  }
}
