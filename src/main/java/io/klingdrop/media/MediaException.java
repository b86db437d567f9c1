package io.klingdrop.media;

/**
 * The file is not what it should be. The message is a sentence for the person who made the file; it
 * starts in lower case, has no full stop, and never holds a path, so a caller puts the name first.
 */
public final class MediaException extends Exception {
  /**
   * @param message the sentence; control characters in it are left out
   */
  public MediaException(String message) {
    super(message.replaceAll("[\\p{Cc}\\p{Cf}]", ""));
  }
}
