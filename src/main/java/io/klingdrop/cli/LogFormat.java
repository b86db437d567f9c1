package io.klingdrop.cli;

/**
 * How the log of this process looks. Must be said before anything is logged: Logback reads its
 * configuration at the first line. An operator's own {@code logback.configurationFile} wins.
 */
final class LogFormat {
  private static final String CHOICE = "logback.configurationFile";
  private static final String JSON = "logback-json.xml";

  private LogFormat() {}

  static void use(boolean json) {
    if (json && System.getProperty(CHOICE) == null) {
      System.setProperty(CHOICE, JSON);
    }
  }

  /** Whether people are not to be told in plain text. */
  static boolean json() {
    return JSON.equals(System.getProperty(CHOICE));
  }
}
