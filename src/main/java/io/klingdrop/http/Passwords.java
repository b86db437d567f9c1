package io.klingdrop.http;

import io.klingdrop.files.Hashes;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * Password hashes: {@code pbkdf2-sha256:ROUNDS:SALT:HASH}, the last two in base64. No sign in it
 * has a meaning to a shell or to a properties file.
 */
public final class Passwords {
  private static final String SCHEME = "pbkdf2-sha256";
  private static final int ROUNDS = 600_000;
  private static final int SALT_BYTES = 16;
  private static final int HASH_BITS = 256;

  private Passwords() {}

  /** A hash of that password with a salt of its own. Takes some tenths of a second. */
  public static String hash(char[] password) {
    var salt = new byte[SALT_BYTES];
    new SecureRandom().nextBytes(salt);
    var base64 = Base64.getEncoder();
    return "%s:%d:%s:%s"
        .formatted(
            SCHEME,
            ROUNDS,
            base64.encodeToString(salt),
            base64.encodeToString(derive(password, salt, ROUNDS)));
  }

  /** Whether the hash is one of that password; false for what is no hash at all. */
  public static boolean matches(char[] password, String hash) {
    var parts = hash.split(":", -1);
    if (parts.length != 4 || !parts[0].equals(SCHEME)) {
      return false;
    }
    try {
      var wanted = Base64.getDecoder().decode(parts[3]);
      var salt = Base64.getDecoder().decode(parts[2]);
      return MessageDigest.isEqual(derive(password, salt, Integer.parseInt(parts[1])), wanted);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static byte[] derive(char[] password, byte[] salt, int rounds) {
    try {
      return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
          .generateSecret(new PBEKeySpec(password, salt, rounds, HASH_BITS))
          .getEncoded();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has PBKDF2WithHmacSHA256", e);
    }
  }

  /** What is remembered of a login that was right, so that the next one costs nothing. */
  static byte[] digest(String text) {
    return Hashes.digest().digest(text.getBytes(StandardCharsets.UTF_8));
  }
}
