package io.klingdrop.http;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Knows the one user's password. The header that was right once is remembered as a digest, so that
 * only the first request of a session waits for the slow hash. Thread-safe.
 */
final class Logins {
  private final String user;
  private final String hash;
  private volatile byte[] lastRight = new byte[0];

  Logins(String user, String hash) {
    this.user = user;
    this.hash = hash;
  }

  /** Whether this very header has been right before. */
  boolean known(@Nullable String authorization) {
    return authorization != null
        && MessageDigest.isEqual(lastRight, Passwords.digest(authorization));
  }

  /** Whether the header holds user and password. Slow; to be called one at a time. */
  boolean right(@Nullable String authorization) {
    if (authorization == null || !authorization.regionMatches(true, 0, "Basic ", 0, 6)) {
      return false;
    }
    if (known(authorization)) {
      return true;
    }
    var pair = decoded(authorization.substring(6).strip());
    var colon = pair.indexOf(':');
    if (colon < 0) {
      return false;
    }
    var sameUser =
        MessageDigest.isEqual(Passwords.digest(pair.substring(0, colon)), Passwords.digest(user));
    var samePassword = Passwords.matches(pair.substring(colon + 1).toCharArray(), hash);
    if (sameUser && samePassword) {
      lastRight = Passwords.digest(authorization);
      return true;
    }
    return false;
  }

  private static String decoded(String base64) {
    try {
      return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return "";
    }
  }
}
