package io.klingdrop.http;

import io.vertx.core.http.HttpServerRequest;

/**
 * The rest of a request that was answered before all of it came. A little is let through and thrown
 * away, so that the caller gets to read the answer; then the connection ends.
 */
final class UnreadRequest {
  private static final long MOST = 1L << 20;

  private final HttpServerRequest request;
  private long bytes;

  private UnreadRequest(HttpServerRequest request) {
    this.request = request;
  }

  /** Throws away what is still to come. */
  static void of(HttpServerRequest request) {
    if (!request.isEnded()) {
      var unread = new UnreadRequest(request);
      request.handler(part -> unread.came(part.length()));
      request.endHandler(end -> {});
      request.exceptionHandler(gone -> {});
      request.resume();
    }
  }

  private void came(int length) {
    bytes += length;
    if (bytes > MOST) {
      request.connection().close();
    }
  }
}
