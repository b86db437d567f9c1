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
  private static final Pattern OURS = Pattern.compile("\\.kd-[0-9a-f]{24}\\.part");
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
}
