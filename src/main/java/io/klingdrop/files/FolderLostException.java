package io.klingdrop.files;

import java.io.IOException;

/** A folder cannot be reached from its root without following a link. Nothing was touched. */
public final class FolderLostException extends IOException {

  FolderLostException(String message) {
    super(message);
  }
}
