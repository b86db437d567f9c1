package io.klingdrop.sandbox;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What the sandbox answers to one call.
 *
 * @param status HTTP status; 0: the connection is held and then closed without an answer
 * @param file sent instead of {@code body}, ranges allowed; null for none
 */
record Reply(int status, String contentType, String body, @Nullable Path file) {

  static Reply json(String text) {
    return new Reply(200, "application/json;charset=UTF-8", text, null);
  }

  static Reply html(String text) {
    return new Reply(200, "text/html", text, null);
  }

  static Reply file(Path file, String contentType) {
    return new Reply(200, contentType, "", file);
  }

  static Reply bare(int status) {
    return new Reply(status, "text/plain", "", null);
  }

  static Reply silence() {
    return bare(0);
  }
}
