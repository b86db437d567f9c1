package io.klingdrop.job;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How this program was called, so that a sentence names a command that the reader can type: {@code
 * klingdrop why JOB} is not found where somebody typed {@code java -jar klingdrop.jar}.
 * Thread-safe.
 */
public final class Invocation {
  /** What the launcher says it was called as; wins over what the JVM tells. */
  private static final String SAID = "klingdrop.command";

  private static final Pattern COMMAND =
      Pattern.compile(
          "\\bklingdrop (?=(?:why|status|plan|doctor|init|sandbox|outcomes|recheck|redeliver"
              + "|resubmit|attach|cancel|pause|resume|backup|hash-password|run)\\b)");

  private static final String FORM =
      form(System.getProperty(SAID, ""), System.getProperty("sun.java.command", ""));

  private Invocation() {}

  /** The text with every {@code klingdrop VERB} in it as the reader has to type it. */
  public static String in(String text) {
    return in(text, FORM);
  }

  static String in(String text, String form) {
    return COMMAND.matcher(text).replaceAll(Matcher.quoteReplacement(form + " "));
  }

  /**
   * The words before a verb.
   *
   * @param said what the launcher was called as, empty if it was not used
   * @param java the first words of what Java was asked to run: a jar or a class
   */
  static String form(String said, String java) {
    if (!said.isBlank()) {
      return quoted(said.strip());
    }
    var end = java.indexOf(".jar");
    var jar = end < 0 ? "" : java.substring(0, end + ".jar".length());
    return end >= 0 && (java.length() == jar.length() || java.charAt(jar.length()) == ' ')
        ? "java -jar " + quoted(jar)
        : "klingdrop";
  }

  private static String quoted(String word) {
    return word.indexOf(' ') < 0 ? word : '"' + word + '"';
  }
}
