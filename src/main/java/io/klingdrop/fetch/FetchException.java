package io.klingdrop.fetch;

/** A result could not be brought home this time. The video is paid for and still there. */
final class FetchException extends Exception {
  private final boolean addressRefused;

  FetchException(String message, boolean addressRefused) {
    super(message);
    this.addressRefused = addressRefused;
  }

  FetchException(String message, Throwable cause) {
    super(message, cause);
    this.addressRefused = false;
  }

  /** Whether the server refused this address, so that a fresh one may help. */
  boolean addressRefused() {
    return addressRefused;
  }
}
