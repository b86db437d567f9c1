package io.klingdrop.settings;

/**
 * How the log looks.
 *
 * @param json whether each line is a JSON object
 */
public record LogSettings(boolean json) {
  static final String KEY = "klingdrop.log.format";

  static LogSettings of(String text) {
    return new LogSettings(text.equals("json"));
  }
}
