package io.klingdrop.files;

import java.io.File;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.Optional;

/**
 * How Java writes file names for this system. Fixed when Java starts, by the locale; without one it
 * is ASCII, and no name with an accent can be opened.
 */
public final class NameCoding {
  private static final String WINDOWS = "\\";

  private NameCoding() {}

  /** What is wrong with it, and what to do; empty if every name can be opened. */
  public static Optional<String> fault() {
    return fault(System.getProperty("sun.jnu.encoding", ""), File.separator);
  }

  static Optional<String> fault(String coding, String separator) {
    if (separator.equals(WINDOWS) || coding.isEmpty() || isUtf8(coding)) {
      return Optional.empty();
    }
    return Optional.of(
        coding
            + ": files with other letters in their names cannot be taken. Start klingdrop in a"
            + " UTF-8 locale: LC_ALL=C.UTF-8");
  }

  private static boolean isUtf8(String coding) {
    try {
      return Charset.forName(coding).equals(StandardCharsets.UTF_8);
    } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
      return false;
    }
  }
}
