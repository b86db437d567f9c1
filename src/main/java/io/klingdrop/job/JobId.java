package io.klingdrop.job;

import java.security.SecureRandom;
import java.time.Instant;

/**
 * Makes job ids: {@code kd}, ten characters of time and six of chance, lower case, so that they
 * sort by age, fit in a file name and can be read out over the telephone.
 */
public final class JobId {
  private static final String ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";
  private static final SecureRandom RANDOM = new SecureRandom();

  private JobId() {}

  /** Whether a text has the form of a job id. */
  public static boolean is(String text) {
    return text.matches("kd[" + ALPHABET + "]{16}");
  }

  /** A new id for a job made at {@code at}. Thread-safe. */
  public static String make(Instant at) {
    var id = new StringBuilder("kd");
    var millis = at.toEpochMilli();
    for (int shift = 45; shift >= 0; shift -= 5) {
      id.append(ALPHABET.charAt((int) (millis >>> shift) & 31));
    }
    for (int i = 0; i < 6; i++) {
      id.append(ALPHABET.charAt(RANDOM.nextInt(32)));
    }
    return id.toString();
  }
}
