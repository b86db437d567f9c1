package io.klingdrop.testing;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * A password's hash as {@code hash-password} prints it, but of few rounds: a login then takes a
 * test no time. That the rounds of the real one count is {@code PasswordsTest}'s.
 */
public final class QuickPassword {
  private static final int ROUNDS = 1000;
  private static final byte[] SALT = "salt of a test".getBytes(StandardCharsets.US_ASCII);

  private QuickPassword() {}

  /** A hash of that password. */
  public static String hash(String password) {
    try {
      var hash =
          SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
              .generateSecret(new PBEKeySpec(password.toCharArray(), SALT, ROUNDS, 256))
              .getEncoded();
      var base64 = Base64.getEncoder();
      return "pbkdf2-sha256:%d:%s:%s"
          .formatted(ROUNDS, base64.encodeToString(SALT), base64.encodeToString(hash));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has PBKDF2WithHmacSHA256", e);
    }
  }
}
