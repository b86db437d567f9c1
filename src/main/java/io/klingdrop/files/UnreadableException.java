package io.klingdrop.files;

import java.io.IOException;

/** A file's bytes cannot be read; it can still be moved. */
public final class UnreadableException extends IOException {

  UnreadableException(IOException cause) {
    super(cause.getMessage(), cause);
  }
}
