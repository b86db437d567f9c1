package io.klingdrop.files;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * Names under which files and folders are made before they get their own: hidden, not to be
 * guessed, so that nobody can put a link there beforehand, and known again by their form, so that
 * what a crash left can be swept.
 */
final class TempName {
  private static final Pattern OURS =
      Pattern.compile(
          "\\.kd-[0-9a-f]{24}\\.part"
              // a video on its way into the outbox, by one of several nodes
              + "|\\.kd[0-9a-z]{16}-\\d+\\.[0-9a-f]{12}\\.part");

  /** A folder one of several nodes began to file a job into; it has its name once it is used. */
  private static final Pattern BEGUN = Pattern.compile("\\.kd[0-9a-z]{16}\\.[0-9a-f]{12}\\.part");

  private static final SecureRandom RANDOM = new SecureRandom();

  private TempName() {}

  static String make() {
    var word = new byte[12];
    RANDOM.nextBytes(word);
    return ".kd-" + HexFormat.of().formatHex(word) + ".part";
  }

  static boolean isOurs(String name) {
    return OURS.matcher(name).matches();
  }

  static boolean isBegun(String folder) {
    return BEGUN.matcher(folder).matches();
  }
}
