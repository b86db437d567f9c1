package io.klingdrop.http;

/** A request that cannot be answered as asked: a status and one sentence for the caller. */
final class HttpFault extends RuntimeException {
  private final int status;

  HttpFault(int status, String message) {
    super(message);
    this.status = status;
  }

  int status() {
    return status;
  }
}
