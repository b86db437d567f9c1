package io.klingdrop.wire;

import java.io.IOException;

/**
 * A call came to nothing before the first byte of its request left: whoever was to be called knows
 * nothing of it. What went wrong is the cause.
 */
public final class NotSentException extends IOException {
  NotSentException(Exception cause) {
    super(cause.getMessage(), cause);
  }

  NotSentException(String message) {
    super(message);
  }
}
