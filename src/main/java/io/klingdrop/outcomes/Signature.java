package io.klingdrop.outcomes;

import io.klingdrop.provider.Signatures;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The signature of Standard Webhooks (standardwebhooks.com, specification of 2023): {@code v1,} and
 * the Base64 of HMAC-SHA256 over {@code id.timestamp.body}, one for each secret. Immutable.
 *
 * @param secrets each {@code whsec_} and a key in Base64
 */
record Signature(List<String> secrets) {
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
    return "v1," + Signatures.of(Base64.getDecoder().decode(secret.substring(START)), text);
  }

  @Override
  public String toString() {
    return "Signature[" + secrets.size() + "]";
  }
}
