package io.klingdrop.testing;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/** Media a client keeps in a bucket: read as a provider reads them, by their signed addresses. */
final class SignedMedia {
  private static final Duration PATIENCE = Patience.LONG;

  private SignedMedia() {}

  /** Whether an address carries a signature. */
  static boolean is(String address) {
    return address.startsWith("http") && address.contains("X-Amz-Signature=");
  }

  /** The SHA-256 of what a GET of the address brings; empty if the bucket does not give it. */
  static Optional<String> sha256(URI address) {
    try {
      var call = (HttpURLConnection) address.toURL().openConnection();
      call.setConnectTimeout((int) PATIENCE.toMillis());
      call.setReadTimeout((int) PATIENCE.toMillis());
      if (call.getResponseCode() != HttpURLConnection.HTTP_OK) {
        call.disconnect();
        return Optional.empty();
      }
      try (InputStream in = call.getInputStream()) {
        return Optional.of(Digests.sha256(in.readAllBytes()));
      }
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
