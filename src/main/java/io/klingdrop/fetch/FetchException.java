package io.klingdrop.fetch;

import io.klingdrop.job.Text;
import java.io.IOException;

/**
 * A result could not be brought home this time. The video is paid for and still there. The message
 * may repeat what a server said, and is one line for all that.
 */
final class FetchException extends IOException {
  private final boolean addressRefused;

  FetchException(String message, boolean addressRefused) {
    super(Text.oneLine(message, 500));
    this.addressRefused = addressRefused;
  }

  FetchException(String message, Throwable cause) {
    super(Text.oneLine(message, 500), cause);
    this.addressRefused = false;
  }

  /** Whether the server refused this address, so that a fresh one may help. */
  boolean addressRefused() {
    return addressRefused;
  }
}
