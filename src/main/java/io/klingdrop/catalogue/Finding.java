package io.klingdrop.catalogue;

/**
 * One thing that is wrong or odd about a bundle, told to the person who dropped it.
 *
 * @param key what it is about: a parameter's name, or {@code image.size} and the like for media
 * @param message one sentence with the value found and the limit; for parameters it starts with the
 *     file and line the value came from
 */
public record Finding(Severity severity, String key, String message) {

  public enum Severity {
    /** Nothing is sent; the bundle is invalid. */
    REFUSE,
    /** It is sent all the same; the sentence goes to the log and the result. */
    WARN
  }

  static Finding refuse(String key, String message) {
    return new Finding(Severity.REFUSE, key, message);
  }

  static Finding warn(String key, String message) {
    return new Finding(Severity.WARN, key, message);
  }

  public boolean refuses() {
    return severity == Severity.REFUSE;
  }
}
